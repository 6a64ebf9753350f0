"""The page of failpoints that a gateway shares with a test (gateway/core/failpoint.h): counts, and arms them."""
import ctypes
import mmap
import struct

HEADER = struct.Struct("<8sQ")
SLOT = struct.Struct("<40sQQQ")


class FailpointPage:
    """Of a file that a gateway has filled in."""

    def __init__(self, file):
        with open(file, "r+b") as opened:
            self.memory = mmap.mmap(opened.fileno(), 0)
        magic, slots = HEADER.unpack_from(self.memory, 0)
        if magic != b"TVANFP01" or len(self.memory) != HEADER.size + slots * SLOT.size:
            raise ValueError(f"{file} is no page of failpoints")
        self.places = {}
        for slot in range(slots):
            place = HEADER.size + slot * SLOT.size
            self.places[SLOT.unpack_from(self.memory, place)[0].rstrip(b"\0").decode()] = place

    def counts(self, name):
        """(passes, kills)"""
        _, passes, _, kills = SLOT.unpack_from(self.memory, self.places[name])
        return passes, kills

    def arm(self, name, count):
        """The count-th pass from now kills the gateway; 0 disarms. One store of eight bytes."""
        ctypes.c_uint64.from_buffer(self.memory, self.places[name] + 48).value = count
