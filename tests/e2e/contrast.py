"""How well the texts of a page can be read."""

CONTRAST = """
() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const known = new Map();  // a page has few colours, and hundreds of texts
    const channels = (colour, ground) => {
        const key = `${colour} on ${ground}`;
        if (!known.has(key)) known.set(key, drawn(colour, ground));
        return known.get(key);
    };
    const drawn = (colour, ground) => {
        canvas.fillStyle = ground; canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const groundOf = element => {
        const layers = [];
        for (let it = element; it; it = it.parentElement) layers.unshift(getComputedStyle(it).backgroundColor);
        return layers.reduce((ground, layer) => `rgb(${channels(layer, ground)})`, 'rgb(255, 255, 255)');
    };
    const luminance = rgb => {
        const [r, g, b] = rgb.map(it => it / 255).map(it => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const weak = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let count = 0;
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !element.checkVisibility({opacityProperty: true})) continue;
        if (element.closest('.visually-hidden, :disabled, [aria-disabled], svg, noscript')) continue;
        const ground = groundOf(element);
        const colours = [getComputedStyle(element).color, ground];
        const light = colours.map(colour => luminance(channels(colour, ground)));
        const ratio = (Math.max(...light) + 0.05) / (Math.min(...light) + 0.05);
        count += 1;
        if (ratio < 4.5) weak.add(`${ratio.toFixed(2)} ${element.className} ${texts.currentNode.data.trim()}`);
    }
    return {count, weak: [...weak]};
}
"""
"""Counts all visible texts of a page, and lists those with less contrast than 4.5 (WCAG 2.2, 1.4.3)."""
