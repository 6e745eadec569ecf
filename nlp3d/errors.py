"""Every message of nlp3d: a code, what is wrong, where, and what to do next.

No message ever holds report text or a value of a record: only our own words, names of fields, rule files and line numbers.
"""

from __future__ import annotations

# code: (what, what to do next). The braces take names from our own files, never from a report.
MESSAGES: dict[str, tuple[str, str]] = {
    "yaml_unreadable": ("The file cannot be read ({problem}).", "Check that it exists and may be read."),
    "yaml_syntax": ("This is not YAML that can be read: {problem}.", "Correct the line; YAML 1.2 is expected."),
    "yaml_duplicate_key": ('The key "{name}" stands twice in the same place.', "Keep one."),
    "yaml_alias": ("Anchors and aliases (& and *) are not allowed.", "Write the value out."),
    "yaml_tag": ('The tag "{name}" is not allowed.', "Use plain text, numbers, true, false, dates, lists and keys."),
    "vocabulary_phrase": ("The phrase cannot be read: {phrase}", "See the grammar at the top of nlp3d/vocabulary/grammar.py; classes stand in classes.yaml."),
    "pack_key_missing": ('The key "{name}" is missing.', "Add it; the README beside the file says what it means."),
    "pack_key_unknown": ('The key "{name}" is unknown here.', "Allowed are: {allowed}."),
    "pack_type": ("Here {expected} is expected.", "Correct the value; put quotes round a number that is a name."),
    "pack_value_unknown": ('"{value}" is not allowed here.', "Allowed are: {allowed}."),
    "pack_date": ("This is not a date.", "Write it as 2026-11-23, or `unknown` where a start is not known."),
    "pack_dates_reversed": ("The end lies before the start.", "Correct `from` or `to`."),
    "pack_dates_overlap": ('Two entries for "{name}" are in force on {date}.', "Let the first end the day before the second starts."),
    "pack_dates_gap": ('No entry for "{name}" is in force on {date}, between two others.', "Let the second start the day after the first ends."),
    "pack_source_unknown": ('The source "{value}" is not in the register.', "Add it to nlp3d/sources.yaml, or cite `expert`."),
    "pack_duplicate_id": ('"{name}" is already defined.', "Give every entry its own id."),
    "pack_blocked_missing": ('There is no `blocked` sentence for "{name}".', "Say what a reader is told when this fact stands in the way."),
    "pack_table_gap": ("On {date} no row answers for {facts}.", "Add a row, or widen the last one."),
    "pack_row_never": ('On {date} the row "{name}" can never be reached.', "Move it up, narrow the rows before it, or remove it."),
    "pack_code_unsupported": (
        'The row "{name}" gives a code that its facts do not support.',
        "A code needs technique, location and supervision (lenient: technique and one of the two), and the location decides which.",
    ),
    "pack_row_unknown": ('There is no row "{name}" in decision.yaml.', "A policy only changes rows that exist."),
    "pack_row_not_skippable": ('The row "{name}" may not be skipped.', "Only rows marked `skippable: true` may be."),
    "pack_template_key": ('The words use "${name}".', "Allowed are: {allowed}."),
    "pack_group_missing": ('No examination pattern leads to the group "{name}".', "Add one, or remove the group from the closed list."),
    "pack_words_forbidden": ('A question may not say "{name}".', "Ask what was done; no code, no money, nothing suggested."),
    "pack_option_missing": ('A question must offer "{name}".', "Add it to the words."),
    "profile_unknown": ("There is no such profile.", "Use one of: {allowed}; or the path of a .yaml file."),
    "profile_name_taken": ("The name of this profile is already taken by a built-in one.", "Rename the file."),
    "record_not_a_mapping": ("A record must be a set of named fields.", "Give at least the field `text`."),
    "record_text_missing": ("The record has no field `text`.", "Give the report's text in the field `text`."),
    "record_field_type": ('The field "{name}" has a value of the wrong kind.', "Give text (or nothing) for it."),
    "record_date": ('The field "{name}" is not a date.', "Write it as 2026-11-23."),
    "date_of_service": ("The date of service is not a date.", "Write it as 2026-11-23."),
    "list_unreadable": ("The file cannot be read ({problem}).", "Check that it exists, may be read and is text."),
    "list_columns": ("The line has not the columns that are expected.", "Expected are: {allowed}."),
    "list_code": ("The line does not start with codes of five characters.", "Load the file as it was downloaded, unchanged."),
    "list_date": ('The column "{name}" does not hold a date.', "Expected is 20240101 or 2024-01-01, or nothing for no end."),
    "list_modifier": ("The modifier indicator is not 0, 1 or 9.", "Load the file as it was downloaded, unchanged."),
    "list_overlap": ("The same code is listed twice for the same day.", "Let the first entry end the day before the second starts."),
    "base_unknown": ("The field `base` has a value that is not known.", "Use one of: {allowed}."),
    "file_missing": ("The input file does not exist.", "Check the name and the folder."),
    "file_is_folder": ("The input is a folder.", "Give one file of it."),
    "file_unreadable": ("The input file cannot be read ({problem}).", "Check that it may be read."),
    "text_binary": ("This is no plain text (but, say, PDF, Word, RTF, an image or DICOM).", "Export or copy the report as plain text."),
    "text_too_long": ("The text has more than {limit} characters.", "Give one report at a time, or raise --max-chars."),
    "line_blank": ("The line is blank.", "Give one JSON object a line."),
    "line_not_json": ("The line is not JSON.", "Give one JSON object a line."),
    "note_encoding": ("The text is not marked as UTF-8 and was read as {encoding}.", "Save it as UTF-8 if signs look wrong."),
    "gold_line": ("The line is no annotated report.", "Expected are `id`, `text` and `studies`; see data/gold/ANNOTATION.md."),
    "gold_empty": ("There is no annotated report.", "Give a .jsonl file, or a folder that holds some."),
    "rule_unknown": ("There is no such rule.", "See `nlp3d rules list` for the ids."),
    "rule_table_fault": ("The table fails a check on {date} in the profile {profile}: {problem}.", "Correct the rows; see nlp3d/rules/README.md."),
    "concept_unknown": ("There is no such concept.", "See `nlp3d vocab list` for the names."),
    "output_failed": ("Reading or writing failed ({problem}).", "Check the disk and the rights, then try again."),
    "internal": ("Something went wrong inside nlp3d ({problem}).", "Please report this, without any patient's words."),
    "usage": ("These arguments do not fit.", "See `{command} --help`; put quotes round words that belong together."),
    "usage_option": ("There is no such option.", "See `{command} --help`."),
    "usage_option_value": ("An option lacks its value.", "See `{command} --help`."),
    "usage_value": ("The value is missing or not allowed.", "See `{command} --help`."),
    "usage_two_texts": ("Both a file and --text are given.", "Give one of them."),
    "usage_exit_code": ("--exit-code is for one report.", "Leave it out; each line of the answers holds its code."),
    "usage_format": ("There is no such format.", "Use one of: {allowed}."),
    "extension_taken": ("Another library has an extension of this name.", "Give the component another one: `extension` in its config."),
    "pack_folder": ("The folder holds no rules and vocabulary.", "Name the folder `pack` of a saved pipeline, or leave it out for the installed ones."),
    "pack_of_another_release": (
        "The pipeline was saved with word lists that nlp3d {version} cannot work with.",
        "Install the release it was saved with, or build the pipeline anew and save it again.",
    ),
    "frame_kind": ("This is no DataFrame.", "Give one of pandas or polars; `collect()` a LazyFrame first."),
    "frame_column": ("The frame has not exactly one column for `{name}`.", "Name a column of the frame, or rename one of two alike."),
    "frame_index": ("`{name}` has another index than the texts.", "Give a column of the same frame, or `reindex` it first."),
    "estimator_texts": ("The estimator was not given texts.", "Give a list, a Series or one column of report texts."),
    "estimator_length": ("There are not as many labels as texts.", "Give one label for each text."),
    "estimator_labels": ("A label is none of those that are predicted.", "Use: {allowed}."),
    "annotation_folder": ("This format has files for each report.", "Name an empty folder: --to FOLDER."),
    "annotation_file": ("This format is one file.", "Leave out --to; send the output into a file."),
    "annotation_format": ("This is not in that format.", "Export it from the tool again, or name the format it has."),
    "annotation_span": ("A span lies outside its text.", "Check that the tool counts as this format does, and that the text is unchanged."),
    "output_not_empty": ("The output folder holds something already.", "Name an empty or a new one."),
    "worker_lost": ("A worker process was stopped from outside, mostly for want of memory.", "Give fewer `workers`, or smaller frames."),
    "list_empty": ("The file holds no entry.", "Check that it is the right file."),
}


class Nlp3dError(Exception):
    """An error a user can act on: `code` (stable), `what` is wrong, `where`, and what to do `next`."""

    def __init__(self, code: str, what: str, where: str = "", next: str = "") -> None:
        super().__init__(code, what, where, next)
        self.code, self.what, self.where, self.next = code, what, where, next

    def __str__(self) -> str:
        head = f"{self.code}: {self.where}" if self.where else self.code
        return "\n".join([head, *(f"  {line}" for line in (self.what, self.next) if line)])


def error(code: str, where: str = "", **names: object) -> Nlp3dError:
    """The error of a code in `MESSAGES`, with its sentences filled in."""
    what, following = MESSAGES[code]
    return Nlp3dError(code, what.format(**names), where, following.format(**names))
