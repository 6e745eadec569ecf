"""What both baselines share, so that only the toolkit differs: one vocabulary (regular expressions) and the answer
table. Context (negation, history, sections, attachment) is each script's own.

The order of VOCAB breaks ties; "element" expressions each name one of the four elements of concurrent supervision.
"""

import re
from collections import namedtuple

D3 = r"(?:\b(?:3|three)[\s\-\u2010-\u2015]*(?:d\b|dimensional\b)|\btri-?dimensional\b|\b3d(?=ct|vr))"
RENDER = (
    r"(?:render\w*|recon\w*|re-?format\w*|post-?\s?process\w*|views?\b|images?\b|imaging\b|display\w*|model\w*|"
    r"visuali[sz]\w*|segment\w*|work-?up|project\w*)"
)
PLANE = r"(?:m\.?p\.?r\w*|multi-?\s?planar|coronal|sagittal|axial|oblique|curved)"
SEQ = (
    r"(?:t1|t2|pd\b|tof|flair|space|cube|vista|spgr|fspgr|mp-?rage|vibe|lava|tfe|tse|fse|gre\b|ciss|fiesta|swi|mrcp|"
    r"time.of.flight|gradient|acqui|isotropic|volumetric|data|localizer|scout|mammo|tomo|conformal|sequence|dixon|pc\b)"
)
STATION = r"(?:work\s?-?\s?stations?|wkstn|computer|server|platform)"
PRODUCT = (
    r"\b(?:vitrea\w*|tera\s?recon|aquarius\w*|i?ntuition|syngo\.?\s?via|intelli\s?space(?: portal)?|zio\s?station\w*|"
    r"advantage (?:workstation|windows)|aw (?:server|workstation|volumeshare)|volumeshare|osirix|mimics|voxar|"
    r"visage|synapse 3d|extended brilliance|leonardo|mmwp)\b"
)
DOC = r"(?:radiologist|physician|attending|neuroradiologist|undersigned|dr\.?\b|doctor|consultant)"
MAKE = r"(?:perform|creat|generat|produc|render|construct|reconstruct|post-?process|built|build|made|make|did)\w*"
VOCAB = {  # concept: expressions, matched without regard to case; an earlier concept wins where spans overlap
    "weak": [
        D3 + r"[\s-]+" + PLANE + r"\b(?!\W+mip)(?:(?:\W+(?!mip|vol|surface)\w+){0,3}?\W+" + RENDER + ")?",
        r"\bmulti-?\s?planar[\s-]+" + D3 + r"(?:\W+\w+)?",
        r"\b(?:2d|two-dimensional)[\s-]+mips?\b",
        r"\bvolumetric[\s-]+(?:reformat|reconstruct)\w*",
        r"\b(?:3d/4d|4d)\b(?:\W+\w+){0,3}",
        r"\b(?:axial|slab|thin[- ]slab)\s+mips?\b",
        r"\bmip slabs?\b",
        D3 + r"[^.]{0,30}\b(?:as needed|if needed|when applicable|if indicated)\b",
    ],
    "technique": [
        r"\bm\.?i\.?p'?s?\b(?!\.?com)",
        r"\bmin-?ips?\b",
        r"\bm(?:ax|in)(?:imum|imal)?[\s-]+intensity[\s-]+p(?:roject|ixel)\w*",
        r"\bvolum\w*[\s-]+render\w*",
        r"\bvrt?s?\b(?!\s*(?:headset|=))",
        r"\b(?:shaded[\s-]+surface|surface[\s-]+shaded)(?:[\s-]+\w+)?",
        r"\bsurface[\s-]+render\w*",
        r"\bcinematic[\s-]+render\w*",
        r"\bfly-?\s?through\w*",
        r"\bendoluminal\s+(?:view|render)\w*",
        r"\bvirtual\s+(?:endo|bron|cysto|laryngo|colono|angio|arthro|cholangio)\w*",
        r"\bvolumetry\b",
        r"\b(?:segmental|segmented)\s+volumes?\b",
        r"\bsemi-?automated segmentation",
        D3 + r"(?![\s-]+" + SEQ + r")(?:\W+(?!" + SEQ + r")\w+){0,3}?\W+" + RENDER,
        r"\b(?:rendered|reconstructed|reformatted|post-?processed)\s+(?:in|into|as)\s+" + D3,
    ],
    "reformat": [
        r"\b(?:coronal|sagittal|oblique|multi-?planar|planar|curved|mpr|2d|two-dimensional)\b(?:(?!\b3|three|mip|render|surface)[^.;]){0,30}?\b(?:re-?format|recon)\w*",
        r"\bm\.?p\.?rs?\b",
        r"\bbone algorithm\b",
    ],
    "workstation": [
        r"\b(?:independent|indep\.?|separate|dedicated|stand-?\s?alone|free-?standing|off-?\s?line|remote|external|"
        + D3
        + r"|(?:advanced\s+)?visuali[sz]ation|av|(?:image[\s-]+)?(?:post-?\s?)?processing)\s+(?:(?!pacs)[\w-]+\s+){0,2}?"
        + STATION,
        D3 + r"\s+(?:imaging\s+)?lab(?:oratory)?\b",
        r"\bimage[\s-]+processing lab\w*",
        PRODUCT,
    ],
    "scanner": [
        r"\b(?:on|at|from|by|using|with)\s+the\s+(?:(?:ct|mri?|modality|scanner|acquisition|operator'?s?|technologist'?s?|main|gantry)\s+)*"
        r"(?:scanner|console|gantry)\b",
        r"\b(?:scanner|ct|mri?|acquisition|modality|operator'?s?)\s+(?:console|work\s?-?station)\b",
        r"\b(?:ultrasound|us|sonographic)\s+(?:unit|machine|system|scanner)\b",
        r"\bscanner software\b",
    ],
    "denied": [r"\b(?:no|without(?: any)?)\s+(?:\w+\s+)?" + DOC + r"\s+(?:\w+\s+){0,2}?(?:supervis|involve|participat|input|part)\w*"],
    "concurrent": [
        r"\b(?:concurrent|direct|real-?time|active|continuous|contemporaneous|simultaneous)(?:ly)?\W+(?:\w+\W+){0,3}?(?:supervis|direct)\w+",
        r"\bsupervis\w+\W+(?:\w+\W+){0,2}?(?:concurrent|real-?time|as (?:it|they) w)\w*",
        DOC + r"[\s-]+(?:directed|supervised|guided)\b",
        r"\b(?:under|with)\s+(?:my|dr\.?|the\s+supervision of (?:dr|the (?:interpreting|attending)))[^.]{0,30}",
        r"\bI (?:directly |concurrently |personally )?supervised\b",
        r"\bsupervised by (?:me|myself|dr\b|the " + DOC + ")",
    ],
    "personal": [
        r"\b(?:I|the (?:interpreting|reading|undersigned|attending) " + DOC + r")\s+(?:have\s+)?(?:personally\s+|myself\s+)?" + MAKE,
        r"\b" + MAKE + r"\s+(?:personally\s+)?by\s+(?:me|myself|the\s+(?:interpreting|reading|undersigned|attending)\s+" + DOC + ")",
    ],
    "element": [
        r"\b(?:chose|selected|picked|determined|defined|set)\b[^.]{0,40}\b(?:region|area|levels?|field|volume of interest)\b",
        r"\b(?:chose|selected|picked|determined|defined|decided)\b[^.]{0,60}\b(?:tissue|structure|bone|vessel|organ)s?\b",
        r"\b(?:chose|selected|picked|decided)\b[^.]{0,60}\b(?:views?|images?|projections?)\b[^.]{0,30}",
        r"\b(?:monitored|adjusted|readjusted|refined)\b",
    ],
    "insufficient": [
        r"\b(?:general|remote) supervision\b",
        r"\bavailable\b[^.]{0,30}\bsupervis\w*",
        r"\bby (?:the|our|a) (?:3d |ct |lead )*(?:tech\w*|radiographer)",
        r"\b(?:resident|fellow)\b[^.]{0,60}\b(?:reviewed|agree)\w*",
        r"\bsupervis\w+",
    ],
    "automatic": [r"\bautomatic(?:ally)?\b", r"\bauto-?generated\b", r"\bAI[- ](?:generated|derived)\b"],
    "mesh": [r"\bstl\b", r"\bsurface mesh\b"],
    "print": [r"\b3d[\s-]+print\w*", r"\bprinted model\b"],
}
BASES = [
    ("non_tomographic", r"\b(?:xr|x-?rays?|radiographs?|fluoro\w*|esophagram|barium|\d views?)\b"),
    ("nuclear", r"\b(?:pet|spect|nm|nuclear|scintigra\w*|bone scan|myocardial perfusion)\b"),
    ("ct_colonography", r"\bcolonograph\w*|\bvirtual colonoscop\w*"),
    ("cardiac", r"\b(?:coronary|calcium scor\w*|cardiac|heart|pulmonary vein|cmr|echocardio\w*)\b"),
    ("breast", r"\b(?:mammo\w*|tomosynthesis|dbt)\b|\bmri?\s+(?:of the\s+)?breasts?\b|\bbreasts?\s+mri?\b"),
    ("navigation_bronchoscopy", r"\bnavigation\w*\s+bronch\w*|\bbronchoscopy\b"),
    ("guidance", r"\b(?:biopsy|ablation|aspiration|drainage|guided)\b"),
    ("radiotherapy", r"\b(?:simulation|radiotherapy|radiation therapy|imrt|sbrt)\b"),
    ("mra", r"\bmr\s?[av]\b|\bmri? (?:angio|veno)\w*|\bangiogra\w+[^\n]{0,10}\bmri?\b"),
    ("cta", r"\bct\s?[av]\b|\bctpa\b|\bct[^\n]{0,30}angio\w*|\bangio\w*[^\n]{0,15}\bct\b"),
    ("ambiguous", r"\bct\b[^\n]{0,40}\b(?:pe protocol|pulmonary embol\w*)"),
]
BASES = [(name, re.compile(p, re.I)) for name, p in BASES]
HISTORY = re.compile(r"\b(?:comparison|history|indication|clinical|reason|hx)\b", re.I)


def base_of(text: str) -> str:
    """The examination's kind, from the head of the report up to the history or comparison."""
    head = text[:350]
    cut = HISTORY.search(head, 20)
    head = head[: cut.start()] if cut else head[:220]
    return next((name for name, p in BASES if p.search(head)), "eligible")


def decide(base, seen, denied=False):
    """The strict answer table over the set of concepts that survived the caller's context rules."""
    if not seen & {"technique", "weak"}:
        return None, "no_3d_rendering"
    if base == "non_tomographic":
        return None, "not_tomographic"
    if base not in ("eligible", "ambiguous"):
        return None, "base_includes_3d"
    if base == "ambiguous":
        return None, "base_ambiguous"
    supervised = bool(seen & {"concurrent", "personal", "elements"})
    if denied or ("automatic" in seen and not supervised):
        return None, "no_physician_supervision"
    if seen & {"mesh", "print"}:
        return None, "other_output"
    if "technique" not in seen:
        return None, "technique_ambiguous"
    where = seen & {"workstation", "scanner"}
    if supervised and len(where) == 1:
        return ("76377" if "workstation" in where else "76376"), "supported"
    if supervised:
        return None, "location_not_documented"
    return None, "supervision_not_documented" if len(where) == 1 else "supervision_and_location_not_documented"


SKIP = {"comparison", "history", "title", "recommendation"}  # sections whose mentions are no deed of this study
VIEWED = re.compile(r"\b(?:review|view|interpret|evaluat|read|display|examin)\w*\W+(?:\w+\W+){0,3}?(?:on|at|using)\b", re.I)
Mention = namedtuple("Mention", "concept rule sent section negated other sent_text")  # other: historical, hypothetical


def combine(mentions):
    """Concepts that count: affirmed techniques, and location/supervision in the same or a neighbouring sentence."""
    live = [m for m in mentions if not m.other and m.section not in SKIP]
    seen = {m.concept for m in live if m.concept in ("technique", "weak", "automatic", "mesh", "print") and not m.negated}
    at = {m.sent for m in live if m.concept in ("technique", "weak") and not m.negated}
    planar = {m.sent for m in live if m.concept == "reformat"} - at
    near = [m for m in live if m.sent in at or ({m.sent - 1, m.sent + 1} & at and m.sent not in planar)]
    for m in near:
        if m.concept == "workstation" and m.negated:
            seen.add("scanner")
        elif (m.concept in ("workstation", "scanner") and not m.negated and not VIEWED.search(m.sent_text)) or (
            m.concept in ("concurrent", "personal") and not m.negated
        ):
            seen.add(m.concept)
    if len({m.rule for m in near if m.concept == "element" and not m.negated}) >= 2:
        seen.add("elements")
    return seen, any(m.concept == "denied" for m in near)
