"""From a JSON Pointer to the page and the form field where a person mends it, and its name in words."""

from declarations.pointers.table import BY_SHAPE, GROUPS, Field, find_field, shape


def page_of(pointer: str) -> tuple[str, int | None, str]:
    """Where a person mends this: step, number of the line (from 1), name of the form field."""
    parts = pointer.split("/")[1:]
    field = _nearest(pointer)
    if field.pointer.startswith("/items/") and parts[1:2] and parts[1].isdigit():
        number = int(parts[1]) + 1
        return f"item/{number}/{field.step.partition('/')[2]}", number, _name(parts[2:])
    return ("lines" if parts[:1] == ["items"] else field.step), None, _name(parts)


def label_of(pointer: str) -> str:
    """What people call it; a group without a name of its own goes by what its members' names begin with."""
    field = find_field(pointer)
    if field is not None:
        return field.label
    wanted = shape(pointer)
    if wanted in GROUPS:
        return GROUPS[wanted]
    heads = {one.label.partition(":")[0] for name, one in BY_SHAPE.items() if name.startswith(f"{wanted}/")}
    return heads.pop() if len(heads) == 1 else label_of(pointer.rpartition("/")[0])


def _nearest(pointer: str) -> Field:
    """The field itself, the first one below a group, or the one around an unknown member."""
    while (wanted := shape(pointer)) not in BY_SHAPE:
        below = next((one for name, one in BY_SHAPE.items() if name.startswith(f"{wanted}/")), None)
        if below is not None:
            return below
        pointer = pointer.rpartition("/")[0]
    return BY_SHAPE[wanted]


def _name(parts: list[str]) -> str:
    """Members joined; the number of a plain code in a list, and a measure's name, are no part of it."""
    if "measures" in parts:
        parts = parts[: parts.index("measures") + 1]
    return "_".join(parts[:-1] if parts and parts[-1].isdigit() else parts)
