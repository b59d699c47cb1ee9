"""What is searched for, in the scripts of the world, and the messages that answer it. One table for both logs."""

from typing import NamedTuple


class Case(NamedTuple):
    """``found`` are messages that the query finds, with the hits in brackets; ``missed`` are some that it must not."""

    query: str
    found: list[str]
    missed: list[str]


CASES = [
    # Scripts without spaces: part of a sentence is found, and a mark belongs to what it stands on.
    Case("หมู", ["กินข้าว[หมู]แดง", "[หมู]"], ["หมอมา", "หมู่บ้าน"]),
    Case("หมู แดง", ["ข้าว[หมู][แดง]"], ["หมูดำ", "หมอแดง"]),
    Case("ไก่", ["ข้าวมัน[ไก่]"], ["ไกล", "ไก"]),
    Case("105", ["ห้อง [๑๐๕]", "room [105]", "غرفة [١٠٥]"], ["10 5", "๑๐๔"]),
    Case("๑๐๕", ["ห้อง [105]"], ["1 0 5"]),
    Case("ໝາ", ["ເຫັນ[ຫມາ]"], ["ຫມູ"]),
    Case("ខ្មែរ", ["ភាសា[ខ្មែរ]"], ["ភាសាខមែរ"]),
    Case("မြန်မာ", ["[မြန်မာ]စာ"], ["မြန်"]),
    Case("本", ["日[本]語"], ["日木語"]),
    Case("本語", ["日[本語]で", "日[本 語]"], ["語本"]),
    Case("十" * 16 + "百", ["[" + "十" * 16 + "百]"], ["十" * 16 + "千"]),
    Case("東京", ["Tokyo[東京]tower"], ["東の京"]),
    Case("用Python写", ["[用 Python 写]的"], ["用Perl写"]),
    Case("人々", ["若い[人々]が"], ["人が"]),
    Case("サーバ", ["[サーバ]ーが落ちた", "[ｻｰﾊﾞ]"], ["サーハ"]),
    Case("ﾃｽﾄ", ["[テスト]中", "[てすと]"], ["デスト"]),
    Case("ガ", ["[ｶﾞ]ム", "[が]ある"], ["カム"]),
    Case("你好", ["[你好]！"], ["好你"]),
    # Korean: any word may go on with an ending.
    Case("회의 내일", ["[내일] [회의에] 오세요"], ["모레 회의에 오세요", "대회 의자 내일"]),
    Case("비 우산", ["[비가] 온다, [우산]!"], ["준비 우산"]),
    Case("LG전자", ["[LG전자에서]", "[LG 전자]"], ["LG화학"]),
    Case("3월", ["[3월에] 만나요"], ["13월", "3일"]),
    Case("ㅋㅋ", ["아 [ㅋㅋㅋ]"], ["ㅎㅎ"]),
    Case('"회의"', ["[회의], 내일"], ["회의에"]),
    # Letters with and without their marks.
    Case("lodz", ["w mieście [Łódź]!"], ["lód"]),
    Case("da nang", ["[Đà] [Nẵng] ơi"], ["da Hanoi"]),
    Case("smorrebrod", ["[Smørrebrød] til alle"], ["smør"]),
    Case("KIRMIZI", ["[kırmızı] elma"], ["kara"]),
    Case("محمد", ["يا [محـــمد]!", "[مُحَمَّد]"], ["أحمد"]),
    Case("کتاب", ["[كتاب] جديد"], ["باب"]),
    Case("می‌خواهم", ["من [میخواهم]"], ["می خواهم"]),
    Case("שלום", ["[שָׁלוֹם] לך"], ["שלב"]),
    Case("кит", ["[кит] плывёт"], ["кот", "мокит"]),
    Case("мой дом", ["[мой] [дом]"], ["мои дом"]),
    Case("किताब मेरी", ["[मेरी] [किताब]"], ["मेरा किताब", "मेरी कताब"]),
    Case("कि", ["[कि] वह"], ["का वह", "की"]),
    Case("தமிழ் மொழி", ["[தமிழ்] [மொழி]"], ["தமிழ மொழி"]),
    # Signs that nobody sees.
    Case("foobar", ["a [foo\u00adbar]", "a [foo\u200bbar]", "a [foo\u200dbar]"], ["foo bar"]),
    Case("foo\u00adbar", ["a [foobar]"], []),
    Case("❤", ["I [❤\ufe0f] it", "I [❤] it"], ["I 💚 it"]),
    Case("❤\ufe0f", ["I [❤] it"], []),
    # Emoji: each part of a picture is a sign; two letters are one flag.
    Case("👍", ["good [👍]🏽"], ["👎🏽"]),
    Case("👍🏽", ["good [👍🏽]"], ["good 👍", "👍🏿"]),
    Case("👩", ["👨\u200d[👩\u200d]👧"], ["👨"]),
    Case("🇪🇸", ["viva [🇪🇸]"], ["🇩🇪🇸🇪"]),
    Case("1\ufe0f\u20e3", ["press [1\ufe0f\u20e3]"], ["press 1"]),
    Case("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", [], ["🏴"]),
    # Quotation marks make a phrase of whole words.
    Case('"foo bar"', ["a [foo bar] b", "[Foo, bar]"], ["bar foo", "foo a bar", "foo bars"]),
    Case("“foo bar”", ["a [foo bar]"], ["bar foo"]),
    Case("„foo bar“", ["a [foo bar]"], ["bar foo"]),
    Case("« foo bar »", ["a [foo bar]"], ["bar foo"]),
    Case('"a b c d e f g h i j k l m"', ["[a b c d e f g h i j k l m] n"], ["m, a b c d e f g h i j k l"]),
    Case('"a.b.c.d.e.f.g.h.i.j"', ["[a.b.c.d.e.f.g.h.i.j]"], ["a.b.c.d.e.f.g.h.i.k"]),
    Case('"foo bar" baz', ["[baz] [foo bar]"], ["foo baz bar"]),
    Case('"foo ba', ["a [foo] and a [bar]"], ["foo"]),
    Case('say "hi"', ["I [say] [hi]"], ["say his"]),
    Case('5" disk', ['a [5]" [disk]'], ["a 55 disk"]),
    # Signs count as they are typed, before a word and in it.
    Case("C++", ["write [C++]!", "([c++])"], ["C", "C+", "C + +", "C#"]),
    Case("c", ["write [C]++", "plan [c]"], ["cc"]),
    Case("C#", ["[C#] or F#"], ["C", "C #7"]),
    Case(".net", ["ASP[.NET]", "[.net]"], ["net", "the internet"]),
    Case("#7", ["see ([#7])"], ["7", "#75", "# 7"]),
    Case("@mara", ["hi [@Mara]!"], ["hi Mara"]),
    Case("mara", ["hi @[Mara]!"], []),
    Case("$5", ["for [$5]"], ["for 5", "for $55"]),
    Case("5€", ["for [5€]", "for [5 €]"], ["for 5", "€5"]),
    Case("50%", ["[50%] off", "[50 %]", "[٥٠٪]"], ["50 off"]),
    Case("2.5", ["[٢٫٥] كم"], ["2,5"]),
    Case("10～12時", ["[10〜12時]"], ["10、12時"]),
    Case("AT&T", ["at [AT&T]"], ["at T"]),
    Case("1.2.3", ["Version [1.2.3]", "[1.2.3].4"], ["1 2 3", "11.2.3", "1.2.34", "1,2,3"]),
    Case("a@b.org", ["to [a@b.org]."], ["a b.org", "a@b org"]),
    Case("b.org", ["to a@[b.org]."], ["b org"]),
    Case("/etc/hosts", ["edit [/etc/hosts]"], ["etc/hosts", "/etc hosts"]),
    Case(r"C:\win.ini", [r"in [C:\win.ini]"], ["C: win.ini"]),
    Case("--force", ["push [--force]"], ["push force", "push -force"]),
    Case("snake_case", ["a [snake_case] name"], ["a snake case"]),
    Case("e-mail", ["an [e-mail]", "an [e‑mail]", "an [e mail]"], ["an email"]),
    Case("don't", ["I [don’t]", "I [don't]"], ["I dont"]),
    Case("école", ["à l’[École]"], ["é cole"]),
    Case("l’école", ["à [l'école]"], ["à école"]),
    Case("what?", ["[What]", "[whatever]"], []),
    Case("(foo)", ["[foo]", "([foo])"], []),
    Case("a AND b", ["[a] [and] [b]"], ["a b"]),
    Case("½", ["[1/2] cup", "[½] cup"], ["1 2"]),
    Case("a ≠ b", ["[a] [≠] [b]"], ["a = b"]),
    Case("->", ["x[->]y"], ["x>y"]),
    Case("192.168.4.2", ["at [192.168.4.2]:8080"], ["192.168.4.3", "192 168 4 2"]),
    Case("https://a.org/b?c=d", ["see [https://a.org/b?c=d]!"], ["a.org/b"]),
    Case("https://a.org/b/c/d/e/f/g/h/i/jk", ["[https://a.org/b/c/d/e/f/g/h/i/jkl]"], ["https://a.org/b/c/d/e/f/g/h/i/l"]),
    Case("→", ["left [→] right"], ["left right"]),
]  # fmt: skip
