"""Writes the numpy files that the tests of the data readers read. Run in this folder."""
import numpy as np
from numpy.lib import format as npy

ramp = np.arange(24).reshape(4, 2, 3)

for code in ["<i1", "|u1", "<i2", ">i2", "<u2", "<i4", ">i4", "<u4", "<i8", ">i8", "<u8",
             "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]:
    name = code.replace("<", "le_").replace(">", "be_").replace("|", "le_")
    np.save(f"{name}.npy", ramp.astype(np.dtype(code)))
np.save("bool.npy", (ramp % 2).astype(bool))
np.save("column_major.npy", np.asfortranarray(ramp.astype("<f4")))
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(f"version{version[0]}.npy", "wb") as out:
        npy.write_array(out, ramp.astype("<f4"), version=version)
np.save("objects.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.save("complex.npy", ramp.astype(np.complex64))
np.save("text.npy", np.array(["a", "b"]))
np.save("scalar.npy", np.float32(3))
np.save("no_rows.npy", np.zeros((0, 2, 3), np.float32))

pair = dict(x=ramp.astype("<f4"), labels=np.array([3, 1, 2, 0]))
np.savez("stored.npz", **pair)
np.savez_compressed("deflated.npz", **pair)
np.savez_compressed("column_major.npz", x=np.asfortranarray(pair["x"]), labels=pair["labels"])
np.savez("big_endian.npz", x=ramp.astype(">f8"))
np.savez("text_labels.npz", x=pair["x"], labels=np.array(list("abcd")))
np.savez("unequal.npz", x=pair["x"], y=np.zeros((3, 2), np.float32))
np.savez("no_input.npz", a=pair["x"], b=pair["x"])
np.savez("tokens.npz", input_ids=np.arange(12).reshape(3, 4))
