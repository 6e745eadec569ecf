"""What the page calls things: reasons, facts, families, in plain words of our own."""

from __future__ import annotations

from collections.abc import Mapping

from ..facts import GROUPS, LOCATIONS, OUTPUTS, SUPERVISIONS, TECHNIQUES

CODES: Mapping[str, str] = {
    "76377": "3D rendering on an independent workstation",
    "76376": "3D rendering on the scanner, without an independent workstation",
}

# reason: (headline, what it means for the coder)
REASONS: Mapping[str, tuple[str, str]] = {
    "supported": ("Supported", "Rendering, place and physician are all in the report."),
    "supervision_not_documented": ("Physician’s part missing", "The rendering and its place are documented. What a physician did while it was made is not."),
    "location_not_documented": ("Place missing", "A physician took part in the rendering. Where it was made is not said, or is said in two ways."),
    "supervision_and_location_not_documented": ("Place and physician missing", "A rendering is documented. Neither where it was made nor a physician’s part is."),
    "technique_ambiguous": ("Rendering in doubt", "The wording leaves open whether a 3D rendering was made at all."),
    "base_ambiguous": ("CT or CT angiography?", "The examination is not settled, and the answer depends on it."),
    "base_not_documented": ("Examination missing", "No examination or modality is named."),
    "outside_dataset": ("Another dataset", "The rendering was made from an outside or earlier examination."),
    "no_physician_supervision": ("No physician took part", "The rendering was made without a physician’s part in it."),
    "other_output": ("Another product", "Only a surface file or a printed model was made."),
    "base_includes_3d": ("3D already included", "This examination contains its own 3D work; it is not reported apart."),
    "not_tomographic": ("Not tomographic", "The examination is not one that 3D rendering can be reported with."),
    "not_in_force": ("Before the codes existed", "On this date of service neither code was in force."),
    "no_3d_rendering": ("No 3D rendering", "Reformats in planes and 3D acquisitions are not renderings."),
}

STATUSES: Mapping[str, tuple[str, str]] = {
    "no_text": ("Nothing to read", "Paste the report’s text."),
    "not_a_report": ("Not a report?", "No word of an examination was found. Check what was pasted."),
    "unsupported_language": ("Not in English?", "Only English reports are read."),
    "error": ("Could not be read", "Check the text and try again."),
}

FACTS: Mapping[str, str] = {
    "base": "Examination",
    "technique": "3D rendering",
    "location": "Where it was made",
    "supervision": "Physician’s part",
    "interpretation": "Used in the findings",
    "output": "Product",
    "automatic": "Made automatically",
    "outside": "Outside or earlier data",
}

VALUES: Mapping[str, Mapping[str, str]] = {
    "base": {
        "eligible": "can be reported with 3D",
        "cta": "CT angiography",
        "mra": "MR angiography",
        "nuclear": "nuclear medicine",
        "ct_colonography": "CT colonography",
        "cardiac": "cardiac CT or MR",
        "breast": "breast imaging",
        "perfusion": "perfusion study",
        "guidance": "image guidance",
        "radiotherapy": "radiotherapy planning",
        "navigation_bronchoscopy": "navigation bronchoscopy",
        "non_tomographic": "not tomographic",
        "ambiguous": "CT or CT angiography, not settled",
        "unknown": "not named",
    },
    "technique": {"performed": "made", "weak": "left open", "none": "none"},
    "location": {
        "workstation": "independent workstation",
        "scanner": "scanner or its console",
        "undocumented": "not said",
        "conflicting": "said in two ways",
    },
    "supervision": {
        "concurrent": "supervised while it was made",
        "personal": "made by the physician",
        "partial": "one element only",
        "insufficient": "said, but not enough",
        "absent": "not said",
        "denied": "none took part",
    },
    "interpretation": {"True": "yes", "False": "no"},
    "output": {"display": "images", "mesh": "surface file only", "print": "printed model only"},
    "automatic": {"True": "yes", "False": "no"},
    "outside": {"True": "yes", "False": "no"},
}

ORDER: Mapping[str, tuple[object, ...]] = {
    "base": GROUPS,
    "technique": TECHNIQUES,
    "location": LOCATIONS,
    "supervision": SUPERVISIONS,
    "interpretation": (True, False),
    "output": OUTPUTS,
    "automatic": (False, True),
    "outside": (False, True),
}

# family: (name, the letter a mark of it carries)
FAMILIES: Mapping[str, tuple[str, str]] = {
    "technique": ("3D rendering", "3D"),
    "location": ("place", "P"),
    "supervision": ("physician", "S"),
    "base": ("examination", "E"),
    "reformat": ("planar reformat", "2D"),
    "acquisition": ("3D acquisition", "A"),
    "performer": ("who made it", "W"),
}

ASSERTIONS: Mapping[str, str] = {
    "performed": "said as done",
    "negated": "denied",
    "historical": "of an earlier time",
    "outside": "of another institution",
    "planned": "planned or requested",
    "conditional": "on a condition",
    "title_only": "in a title or order only",
    "template": "left over from a template",
    "failed": "tried, but failed",
}

def plain(name: str) -> str:
    """A name of ours as words: `volume_rendering` as `volume rendering`."""
    return name.replace("_", " ").replace("three d", "3D").replace("3d", "3D")


def value(fact: str, given: object) -> str:
    """What a value of a fact is called."""
    return VALUES[fact].get(str(given), plain(str(given)))


def profile(name: str) -> str:
    """What a profile is called: a payer's by the name of its file."""
    return plain(name)[:1].upper() + plain(name)[1:]
