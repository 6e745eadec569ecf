"""Flags that the words raise: each text with the flags it must have, and near ones that must not."""

from __future__ import annotations

import pytest

import nlp3d

BODY = "CT PELVIS WITHOUT CONTRAST\nTECHNIQUE: Axial images.\nFINDINGS: Fracture of the left acetabulum.\n"
SIGNED = BODY + "Electronically signed by: Jane Doe, MD\n\n"
MADE = "3D volume renderings were made by me on the Vitrea workstation."
WATCHED = {"late_addendum", "addendum_by_other_physician", "mesh_output", "printed_output", "base_on_other_accession", "suspicious_token"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SIGNED + f"ADDENDUM: {MADE}\nElectronically signed by: Jane Doe, MD", {"late_addendum"}),
        (SIGNED + f"ADDENDUM: {MADE}\nElectronically signed by: Richard Roe, MD", {"late_addendum", "addendum_by_other_physician"}),
        (SIGNED + f"ADDENDUM: {MADE}\nRichard Roe, M.D.", {"late_addendum", "addendum_by_other_physician"}),
        (SIGNED + f"ADDENDUM: {MADE}\nSigned by [NAME], MD", {"late_addendum"}),
        (BODY + MADE + "\nSigned by Jane Doe, MD\n\nADDENDUM: The fracture is on the left.\nSigned by Richard Roe, MD", set()),
        (BODY + MADE, set()),
        (BODY + MADE + " An STL file was exported.", {"mesh_output"}),
        (BODY + MADE + " No STL file was exported.", set()),
        (BODY + MADE + " Ventral hernia repair with mesh.", set()),
        (BODY + MADE + " A 3D printed model was made for the surgeon.", {"printed_output"}),
        (BODY + MADE + " No model was printed. Report printed from the RIS.", set()),
        (BODY + MADE + " The base CT was reported separately under accession 5512.", {"base_on_other_accession"}),
        (BODY + MADE + " Accession 5512.", set()),
        (BODY + MADE + " Billed as 73677.", {"suspicious_token"}),
        (BODY + MADE + " Order 1736770.", set()),
        (BODY + "Order code 73677.", {"suspicious_token"}),
    ],
)
def test_flags_from_the_words(text: str, expected: set[str]) -> None:
    answer = nlp3d.suggest(text, date_of_service="2026-01-01")
    assert {f.flag for f in answer.flags} & WATCHED == expected
    assert "73677" not in {c.code for c in answer.codes}
