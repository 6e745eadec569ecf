"""An invented archive of radiology reports, all different: JSON lines with id, accession, title, modality, site, reader, date and billed code.

    python benchmarks/made_archive.py FILE --reports 10000 [--prevalence 0.02] [--seed 1]

Of the reports, `prevalence` describe a 3D rendering. Of the rest, 7 in 100 are CTA or MRA by title, 36 have words of planar reformats,
3 speak of 3D that does not count (an acquisition, a prior, a recommendation, a denial). The same arguments give the same bytes.
Standard library only."""

import argparse
import datetime
import json
import random

EXAMS = [  # title, modality, organs, weight
    ("CT ABDOMEN AND PELVIS WITH CONTRAST", "CT", "abdomen", 14),
    ("CT CHEST WITHOUT CONTRAST", "CT", "chest", 12),
    ("CT HEAD WITHOUT CONTRAST", "CT", "head", 12),
    ("CT CERVICAL SPINE WITHOUT CONTRAST", "CT", "spine", 6),
    ("CT FACIAL BONES WITHOUT CONTRAST", "CT", "bone", 3),
    ("CT LEFT ANKLE WITHOUT CONTRAST", "CT", "bone", 3),
    ("CT PELVIS WITHOUT CONTRAST", "CT", "bone", 3),
    ("MRI BRAIN WITH AND WITHOUT CONTRAST", "MR", "head", 8),
    ("MRI LUMBAR SPINE WITHOUT CONTRAST", "MR", "spine", 7),
    ("MRI RIGHT KNEE WITHOUT CONTRAST", "MR", "bone", 5),
    ("ULTRASOUND ABDOMEN COMPLETE", "US", "abdomen", 6),
    ("XR CHEST 2 VIEWS", "CR", "chest", 14),
    ("XR RIGHT FOOT 3 VIEWS", "CR", "bone", 7),
]
VASCULAR = [
    ("CTA CHEST PULMONARY EMBOLISM", "CT", "chest", 4),
    ("CTA HEAD AND NECK", "CT", "head", 3),
    ("MRA HEAD WITHOUT CONTRAST", "MR", "head", 2),
    ("CTA ABDOMEN AND PELVIS WITH RUNOFF", "CT", "abdomen", 2),
]
RENDERED = [exam for exam in EXAMS if exam[1] in ("CT", "MR")]
REASONS = {
    "abdomen": ["abdominal pain for {n} days", "nausea and weight loss of {n} pounds", "elevated lipase", "history of {side} renal stones", "jaundice", "staging of colon carcinoma"],
    "chest": ["cough and fever for {n} days", "shortness of breath", "pulmonary nodule of {mm} mm, follow-up", "chest pain", "smoker, {n} pack years", "hypoxia after surgery"],
    "head": ["headache for {n} days", "fall, struck the {side} side of the head", "altered mental status", "{side} sided weakness", "seizure", "dizziness"],
    "spine": ["neck pain after a fall", "radiculopathy on the {side}", "low back pain for {n} weeks", "motor vehicle collision", "numbness of the {side} hand"],
    "bone": ["pain after a twisting injury", "fall from {n} feet", "swelling of the {side} side", "fracture, evaluate alignment", "gradual onset of pain over {n} weeks"],
}
NORMAL = {
    "abdomen": ["The liver measures {n}.{d} cm and is of normal {a}.", "The gallbladder is {b}.", "The pancreas is {b} without ductal dilatation.", "The spleen measures {n}.{d} cm.", "No hydronephrosis of the {side} kidney.", "The appendix measures {mm} mm and is {b}.", "No free fluid and no free air.", "The bladder is {c} distended."],
    "chest": ["The heart is {c} enlarged.", "The {side} lung is clear.", "No pleural effusion on the {side}.", "The mediastinum is {b}.", "The aorta measures {n} mm at the level of the arch.", "The airways are patent to the level of the {e} bronchi.", "No enlarged hilar nodes; the largest measures {mm} mm.", "The trachea is midline."],
    "head": ["No hemorrhage, mass or midline shift.", "The ventricles measure {mm} mm and are {b}.", "The gray-white differentiation is {c} preserved.", "The {side} mastoid air cells are clear.", "The orbits are {b}.", "The basal cisterns are patent.", "The calvarium is intact.", "No abnormal enhancement of the {e} meninges."],
    "spine": ["Vertebral heights are {c} maintained.", "Alignment is {b}, with {mm} degrees of lordosis.", "The disc at level {n} is {b}.", "No canal stenosis at the {e} level.", "The facet joints are {c} degenerated on the {side}.", "Prevertebral soft tissues measure {mm} mm.", "The cord is of normal {a}."],
    "bone": ["No acute fracture of the {e} segment.", "The joint space measures {mm} mm.", "Alignment is {b}.", "Soft tissue swelling on the {side} side.", "Mineralization is {c} reduced.", "A {e} effusion is seen.", "The tendons are of normal {a}."],
}
FOUND = {
    "abdomen": ["A {mm} mm cyst lies in the {e} pole of the {side} kidney.", "A {mm} mm stone in the {side} ureter with {c} dilatation above it.", "Diverticula of the sigmoid with stranding over {n} cm.", "Fatty infiltration of the liver, {c} progressed.", "A hypodense lesion of {mm} mm in segment {n}."],
    "chest": ["A {mm} mm nodule in the {e} segment of the {side} lower lobe.", "Consolidation of the {side} base over {n} cm.", "A small {side} effusion, {mm} mm deep.", "Emphysema, {c} worse at the apices.", "Coronary calcification of the {e} branches."],
    "head": ["An old infarct of {mm} mm in the {side} {e} territory.", "Mucosal thickening of {mm} mm in the {side} maxillary sinus.", "Periventricular hypodensity, {c} advanced.", "A {mm} mm hematoma of the {side} scalp."],
    "spine": ["A protrusion of {mm} mm at level {n} touches the {side} root.", "Anterolisthesis of {mm} mm at the {e} level.", "Loss of height of {mm} percent at level {n}.", "Osteophytes narrow the {side} foramen."],
    "bone": ["An oblique fracture of the {e} segment, displaced by {mm} mm.", "A tear of the {e} ligament over {mm} mm.", "An avulsed fragment of {mm} mm on the {side}.", "Degenerative change of the {side} compartment, {c} advanced.", "Marrow edema of the {e} condyle over {n} cm."],
}
TECHNIQUE = {
    "CT": ["Axial images of {mm} mm were obtained{iv}.", "Helical acquisition with {n} mm collimation{iv}; dose length product {dlp} mGy cm.", "Contiguous {mm} mm sections{iv}, soft tissue and bone kernels."],
    "MR": ["T1 and T2 weighted sequences at {n} millimetre spacing{iv}.", "Standard protocol, field strength 1.5 T{iv}, {n} sequences.", "Axial and sagittal sequences{iv}, section {mm} mm."],
    "US": ["Gray scale and color Doppler evaluation with a {n} MHz transducer."],
    "CR": ["Digital exposure, {n} projections.", ""],
}
REFORMATS = ["Coronal and sagittal reformats were made.", "Multiplanar reconstructions of {mm} mm in two planes.", "Sagittal reformatted images were reviewed.", "Coronal MPR images at {mm} mm."]
OTHER_3D = [
    "A 3D T1 acquisition of {mm} mm was included.",
    "The 3D images of the prior study of {date} are no longer available.",
    "3D rendering is recommended if surgery of the {side} side is planned.",
    "No 3D reconstructions were performed at level {n}.",
    "Compared with the volume rendered images of {date}.",
]
MADE_3D = [
    "3D volume rendered images were made on an independent workstation under the concurrent supervision of Dr. {name}.",
    "Three-dimensional surface shaded renderings were generated at the scanner console; Dr. {name} directed the technologist throughout.",
    "MIP and volume rendered images in {n} projections were created on a separate workstation.",
    "3D reconstructions were prepared under my direct supervision, {n} views.",
    "Volume rendering was performed by the technologist on the {name} workstation, {n} views.",
    "3D images of the {side} side were obtained in {n} projections.",
]
SHOWN_3D = ["The 3D images show {mm} mm of displacement.", "On the rendered views the {e} fragment is rotated by {mm} degrees.", ""]
IMPRESSIONS = ["No acute abnormality.", "Findings as above; follow-up in {n} months.", "Stable compared with {date}.", "Correlate with the clinical course on the {side}.", "Clinical follow-up of the {mm} mm finding."]
FILLERS = {
    "a": ["size", "attenuation", "signal", "contour", "thickness", "morphology"],
    "b": ["unremarkable", "normal", "within normal limits", "unchanged", "not dilated", "well seen"],
    "c": ["mildly", "moderately", "not", "slightly", "well", "minimally", "markedly"],
    "e": ["anterior", "posterior", "medial", "lateral", "upper", "lower", "superior", "inferior", "proximal", "distal"],
    "name": ["Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum", "Hazel", "Juniper", "Larch", "Maple", "Oak"],
    "side": ["right", "left"],
}
SITES, READERS = ["north", "south", "east"], [f"reader {number:02d}" for number in range(1, 25)]
FIRST_DAY = datetime.date(2024, 1, 1)


def phrase(words, chance):
    """A sentence with its places filled."""
    day = FIRST_DAY + datetime.timedelta(days=chance.randrange(600))
    values = {key: chance.choice(list_) for key, list_ in FILLERS.items()}
    iv = chance.choice(["", f" after {chance.randrange(50, 130)} mL of contrast", " without contrast"])
    return words.format(n=chance.randrange(2, 60), mm=chance.randrange(2, 48), d=chance.randrange(10), dlp=chance.randrange(90, 2200), iv=iv, date=f"{day:%m/%d/%Y}", **values)


def some(list_, least, most, chance):
    """A few sentences of a list, filled, in a shuffled order."""
    return [phrase(one, chance) for one in chance.sample(list_, min(len(list_), chance.randint(least, most)))]


def made(number, prevalence, seed):
    """Record `number` of an archive; the same arguments give the same record."""
    chance = random.Random(f"{seed} {number}")
    rendered = chance.random() < prevalence
    kind = "3d" if rendered else "vascular" if chance.random() < 0.07 else "plain"
    exams = {"3d": RENDERED, "vascular": VASCULAR, "plain": EXAMS}[kind]
    title, modality, organ, _ = chance.choices(exams, [exam[3] for exam in exams])[0]
    technique = [phrase(chance.choice(TECHNIQUE[modality]), chance)]
    if chance.random() < 0.36 * (1 if modality in ("CT", "MR") else 0) / 0.68:
        technique.append(phrase(chance.choice(REFORMATS), chance))
    findings = some(NORMAL[organ], 4, 8, chance) + some(FOUND[organ], 1, 4, chance)
    chance.shuffle(findings)
    if rendered:
        technique += some(MADE_3D, 1, 2, chance)
        findings.append(phrase(chance.choice(SHOWN_3D), chance))
    elif chance.random() < 0.03:
        findings.append(phrase(chance.choice(OTHER_3D), chance))
    impression = some(IMPRESSIONS + FOUND[organ], 1, 3, chance)
    day = FIRST_DAY + datetime.timedelta(days=chance.randrange(720))
    comparison = chance.choice(["None.", f"{title.split()[0]} of {phrase('{date}', chance)}.", "None available."])
    numbered = "\n".join(f"{place}. {words}" for place, words in enumerate(impression, 1))
    styles = [
        f"EXAM: {title}\n\nINDICATION: {phrase(chance.choice(REASONS[organ]), chance)}.\n\nCOMPARISON: {comparison}\n\nTECHNIQUE: {' '.join(technique)}\n\nFINDINGS:\n{' '.join(findings)}\n\nIMPRESSION:\n{numbered}\n",
        f"{title}\n\nClinical history: {phrase(chance.choice(REASONS[organ]), chance)}\n\nTechnique: {' '.join(technique)}\n\nComparison: {comparison}\n\nFindings:\n" + "\n".join(findings) + f"\n\nImpression: {' '.join(impression)}\n",
        f"{title.title()} {day:%m/%d/%Y}\n\nHistory: {phrase(chance.choice(REASONS[organ]), chance)}.\n{' '.join(technique)}\n\n{' '.join(findings)}\n\nIMPRESSION: {' '.join(impression)}\n",
    ]
    billed = chance.choice(["76377", "76376", ""]) if rendered else "76377" if chance.random() < 0.003 else ""
    return {
        "id": f"R{number:09d}", "accession": f"{seed}{number:08d}", "text": chance.choice(styles), "title": title if chance.random() < 0.7 else None,
        "date_of_service": day.isoformat(), "modality": modality, "site": chance.choice(SITES), "reader": chance.choice(READERS), "billed_code": billed,
    }  # fmt: skip


def write(path, reports, prevalence=0.02, seed=1):
    """Write an archive."""
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for number in range(reports):
            out.write(json.dumps(made(number, prevalence, seed), ensure_ascii=False, separators=(",", ":")) + "\n")


def main():
    """Write the archive that the arguments ask for."""
    parser = argparse.ArgumentParser(description="Make an invented archive.")
    parser.add_argument("file")
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--prevalence", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.file, options.reports, options.prevalence, options.seed)


if __name__ == "__main__":
    main()
