"""Compares the arrays that feature-check.ts dumped with numpy and aubio (mel coefficients, DCT, shape)."""

import sys
from pathlib import Path

import aubio
import numpy as np

RATE, N, HOP, BANDS, MFCCS = 22050, 2048, 512, 128, 20
folder = Path(sys.argv[1])
failed = False


def load(name):
    return np.fromfile(folder / f"{name}.f32", dtype=np.float32).astype(np.float64)


def report(name, ours, theirs, unit, limit):
    global failed
    worst = np.max(np.abs(ours - theirs))
    failed |= not worst <= limit
    print(f"| {name} | {worst:.2g} {unit} | {np.min(theirs):.4g} … {np.max(theirs):.4g} |")


x = load("samples")
starts = np.arange(0, len(x) - N + 1, HOP)
frames = np.stack([x[s : s + N] for s in starts])
window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N) / N)
magnitude = np.abs(np.fft.rfft(frames * window, axis=1))
power = magnitude**2

bank = aubio.filterbank(BANDS, N)
bank.set_norm(1)
bank.set_mel_coeffs(RATE, 0, RATE / 2)
coefficients = bank.get_coeffs().astype(np.float64)
log_mel = 10 * np.log10(np.maximum(1e-10, power @ coefficients.T))
dct = aubio.dct(BANDS)
mfcc = np.stack([dct(row.astype(np.float32))[:MFCCS].copy() for row in log_mel])

frequencies = np.arange(N // 2 + 1) * RATE / N
total = magnitude.sum(axis=1)
centroid = (magnitude @ frequencies) / total
spread = np.sqrt((magnitude * (frequencies - centroid[:, None]) ** 2).sum(axis=1) / total)
rolloff = frequencies[np.argmax(np.cumsum(magnitude, axis=1) >= 0.85 * total[:, None], axis=1)]
floored = np.maximum(1e-10, power)
flatness = np.exp(np.mean(np.log(floored), axis=1)) / np.mean(floored, axis=1)
rms = np.sqrt(np.mean(frames**2, axis=1))
signs = np.signbit(x)
crossings = np.concatenate([[0], signs[1:] != signs[:-1]])
zero_crossings = np.array([crossings[s : s + N].mean() for s in starts])

describe = aubio.specdesc("centroid", N)
frame = aubio.cvec(N)
aubio_centroid = []
for row in magnitude:
    frame.norm[:] = row.astype(np.float32)
    aubio_centroid.append(describe(frame)[0] * RATE / N)

print("| feature | largest difference | range |\n|---|---|---|")
report("log-mel, aubio's Slaney bank on numpy's spectrum", load("logMel").reshape(-1, BANDS), log_mel, "dB", 0.02)
report("MFCC, aubio's DCT", load("mfcc").reshape(-1, MFCCS), mfcc, "dB", 0.05)
report("centroid, aubio", load("centroid"), np.array(aubio_centroid), "Hz", 0.1)
report("centroid, numpy", load("centroid"), centroid, "Hz", 0.01)
report("spread, numpy", load("spread"), spread, "Hz", 0.01)
report("rolloff, numpy", load("rolloff"), rolloff, "Hz", 0.01)
report("flatness, numpy", load("flatness"), flatness, "", 1e-6)
report("RMS, numpy", load("rms"), rms, "", 1e-6)
report("zero crossings, numpy", load("zeroCrossings"), zero_crossings, "", 1e-6)
sys.exit(1 if failed else 0)
