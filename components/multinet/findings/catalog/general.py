"""Codes of any part of an environment: keys, types and values."""

from multinet.findings.catalog.entry import Entry, error, warning

GENERAL: dict[str, Entry] = {
    "unknown-key": error(
        "The key is not one of this object's",
        "A plugin ignores a key that it does not know, so a mistyped one silently changes"
        " nothing. The message names the nearest known key. Keys are compared exactly, also"
        " where a plugin would take another case.",
    ),
    "missing-key": error(
        "A required key is absent",
        "The plugin fails on every pod without it, and the pod stays in ContainerCreating. Add"
        " the key.",
    ),
    "wrong-type": error(
        "The value is of another type",
        "Plugins read their configuration strictly: a number in quotes is a string to them, and"
        " they refuse the whole configuration when a pod attaches. Write the value as the"
        " message says.",
    ),
    "unknown-value": error(
        "The value is not one of the known ones",
        "The plugin refuses the value, or takes it for its default without a word. The message"
        " lists the known values and the nearest one.",
    ),
    "wrong-value": error(
        "The value is outside what is allowed",
        "The plugin or the kernel refuses the value when a pod attaches. The message says what"
        " is allowed.",
    ),
    "duplicate-key": error(
        "A key is there twice",
        "Only the last of the two would count, and which one was meant cannot be told. Remove"
        " one of them.",
    ),
    "unknown-code": error(
        "An ignored code does not exist",
        "`ignore` takes the codes that findings are printed with, in square brackets. A mistyped"
        " one would ignore nothing; the message names the nearest.",
    ),
    "cannot-ignore-error": error(
        "An error cannot be ignored",
        "Only warnings can: an error is about something that cannot work. Correct what it is"
        " about.",
    ),
    "ignore-unused": warning(
        "An `ignore` silences nothing",
        "What it was about is gone, or never was: it would hide the same warning when that comes"
        " back for another reason. Remove it. A network's `ignore` reaches what is told of that"
        " network; `multinet:ignore` all that is told of the environment, the preflight's warnings"
        " of nodes included.",
    ),
    "reason-missing": error(
        "Ignoring a warning needs a reason",
        "Whoever reads the environment next must be able to tell why the warning is no problem"
        " here. Write the reason beside the code.",
    ),
    "must-be-known": error(
        "An output decides which resources there are",
        "In a program nearly every value may be an output of another resource. Which plugin it is,"
        " whether Multus is enabled, its mode and the like decide which resources are registered,"
        " so they have to be known. Take the value from the stack's configuration.",
    ),
    "known-later": warning(
        "What a program makes of another resource cannot be looked at here",
        "A command runs the program as a preview does: an output of a resource that is not there yet"
        " has no value. `pulumi up` checks such a network, node or setting when its value is known,"
        " before the object that is made of it.",
    ),
}
