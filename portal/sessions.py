"""What a session holds, in which no personal number stands in clear."""

from typing import Any

from django.core.signing import JSONSerializer

from portal.personal import open_in_bytes, seal_in_bytes


class SealingSerializer:
    """JSON; what a person typed and has not saved yet may hold their number."""

    def dumps(self, obj: Any) -> bytes:
        """As it is kept."""
        return seal_in_bytes(JSONSerializer().dumps(obj))

    def loads(self, data: bytes) -> Any:
        """As it was."""
        return JSONSerializer().loads(open_in_bytes(data))
