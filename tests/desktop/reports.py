"""Sample reports of the doctor."""

from chatdesk.doctor.report import Finding, Remedy, Report, Verdict

TITLES = {"port": "The port", "firewall": "The firewall", "others": "Other devices"}
COMMAND = "sudo ufw allow 8080/tcp"
FOUND = (
    Finding("port", "The port", Verdict.OK, "Something listens on port 8080."),
    Finding("firewall", "The firewall", Verdict.PROBLEM, "It keeps others away."),
    Finding("others", "Other devices", Verdict.UNKNOWN, "Nobody could be asked."),
)
DIAGNOSIS = Finding(
    "firewall",
    "Diagnosis",
    Verdict.PROBLEM,
    "The firewall of this computer keeps others away from port 8080.",
    (Remedy("Let others in:", COMMAND), Remedy("Or switch it off in its settings.")),
)
FIREWALL = Report(FOUND, DIAGNOSIS)
FINE = Report(FOUND[:1], Finding("fine", "Diagnosis", Verdict.OK, "All is well."))
