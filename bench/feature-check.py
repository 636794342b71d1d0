"""Compares the arrays that feature-check.ts dumped with librosa in double precision, and where it has none with numpy."""

import sys
from pathlib import Path

import librosa
import numpy as np

RATE, N, HOP, BANDS, MFCCS = 22050, 2048, 512, 128, 20
folder = Path(sys.argv[1])
failed = False


def load(name):
    return np.fromfile(folder / f"{name}.f32", dtype=np.float32).astype(np.float64)


def compute(x):
    """Every feature by name, rows by frame, in the precision of `x`."""
    magnitude = np.abs(librosa.stft(x, n_fft=N, hop_length=HOP, center=False))
    power = magnitude**2
    mel = librosa.feature.melspectrogram(S=power, sr=RATE, n_mels=BANDS)
    log_mel = librosa.power_to_db(mel, top_db=None)
    mfcc = librosa.feature.mfcc(S=log_mel, n_mfcc=MFCCS)
    centred_power = np.abs(librosa.stft(x, n_fft=N, hop_length=HOP)) ** 2
    centred_mel = librosa.feature.melspectrogram(S=centred_power, sr=RATE, n_mels=BANDS)
    htk = {
        name: librosa.feature.melspectrogram(S=power, sr=RATE, n_mels=64, htk=True, norm=norm).T
        for name, norm in (("htk-area", "slaney"), ("htk-sum", 1), ("htk-peak", None))
    }
    frames = dict(frame_length=N, hop_length=HOP)
    return {
        "power": power.T,
        "mel": mel.T,
        "logMel": log_mel.T,
        "cutDecibels": librosa.power_to_db(mel, top_db=80).T,
        "mfcc": mfcc.T,
        "delta": librosa.feature.delta(mfcc).T,
        "deltaDelta": librosa.feature.delta(mfcc, order=2).T,
        "centredLogMel": librosa.power_to_db(centred_mel, top_db=None).T,
        **htk,
        "centroid": librosa.feature.spectral_centroid(S=magnitude, sr=RATE)[0],
        "spread": librosa.feature.spectral_bandwidth(S=magnitude, sr=RATE)[0],
        "rolloff": librosa.feature.spectral_rolloff(S=magnitude, sr=RATE)[0],
        "flatness": librosa.feature.spectral_flatness(S=magnitude)[0],
        "contrast": librosa.feature.spectral_contrast(S=magnitude, sr=RATE).T,
        "rms": librosa.feature.rms(y=x, center=False, **frames)[0],
        "centredRms": librosa.feature.rms(y=x, **frames)[0],
        "zeroCrossings": librosa.feature.zero_crossing_rate(x, center=False, **frames)[0],
        **by_definition(magnitude, power),
    }


def by_definition(magnitude, power):
    """What librosa does not have."""
    frequencies = (np.arange(N // 2 + 1)[:, None] * RATE / N).astype(magnitude.dtype)
    weights = magnitude / magnitude.sum(axis=0)
    distance = frequencies - (weights * frequencies).sum(axis=0)
    spread = np.sqrt((weights * distance**2).sum(axis=0))
    shares = np.maximum(1e-10, power)
    shares = shares / shares.sum(axis=0)
    lengths = np.sqrt(power.sum(axis=0))
    unit = np.divide(magnitude, lengths, out=np.zeros_like(magnitude), where=lengths > 1e-5)
    return {
        "skewness": (weights * distance**3).sum(axis=0) / spread**3,
        "kurtosis": (weights * distance**4).sum(axis=0) / spread**4,
        "entropy": -(shares * np.log(shares)).sum(axis=0) / np.log(N // 2 + 1),
        "flux": np.concatenate([[0], (np.diff(unit, axis=1) ** 2).sum(axis=0)]),
    }


def report(label, name, unit, limits, where=None):
    """One row: the largest difference of ours, whose limits fail the check, and of librosa's own single precision."""
    global failed
    theirs = reference[name]
    cells = []
    for found, limit in (
        (load(f"f64.{name}"), limits[0]),
        (load(f"f32.{name}"), limits[1]),
        (single[name], np.inf),
    ):
        difference = np.abs(found.reshape(theirs.shape) - theirs)
        worst = np.max(difference if where is None else difference[where])
        failed |= not worst <= limit
        cells.append(f"{worst:.2g} {unit}".strip())
    print(f"| {label} | {' | '.join(cells)} | {np.min(theirs):.4g} … {np.max(theirs):.4g} |")


samples = load("samples")
reference = compute(samples)
single = compute(samples.astype(np.float32))
level = reference["logMel"]
below = level.max(axis=1, keepdims=True) - level

print(f"| feature (librosa {librosa.__version__}) | f64 | f32 | librosa's own f32 | range |\n|---|---|---|---|---|")
report("power: stft", "power", "", (1e-2, 1e-1))
report("mel: melspectrogram", "mel", "", (1e-3, 1e-2))
report("logMel: power_to_db; bands at most 60 dB under the frame's loudest", "logMel", "dB", (1e-4, 1e-3), below <= 60)
report("logMel; bands at most 80 dB under it", "logMel", "dB", (1e-4, 2e-3), below <= 80)
report("logMel; all bands", "logMel", "dB", (1e-4, 1))
report("logMel; centred frames", "centredLogMel", "dB", (1e-4, 1))
report("powerToDecibels: power_to_db, top_db 80", "cutDecibels", "dB", (1e-4, 1e-2))
report("mel: htk, norm slaney", "htk-area", "", (1e-2, 1e-1))
report("mel: htk, norm 1", "htk-sum", "", (1e-2, 1e-1))
report("mel: htk, norm None", "htk-peak", "", (1e-2, 1e-1))
report("mfcc: mfcc", "mfcc", "dB", (1e-4, 0.1))
report("measureDelta of mfcc: delta", "delta", "dB", (1e-4, 0.02))
report("measureDelta, order 2: delta, order 2", "deltaDelta", "dB", (1e-4, 0.02))
report("centroid: spectral_centroid", "centroid", "Hz", (1e-3, 1e-2))
report("spread: spectral_bandwidth", "spread", "Hz", (1e-3, 0.1))
report("rolloff: spectral_rolloff", "rolloff", "Hz", (1e-2, 1e-2))
report("flatness: spectral_flatness", "flatness", "", (1e-6, 1e-6))
report("contrast: spectral_contrast", "contrast", "dB", (1e-4, 10))
report("rms: rms", "rms", "", (1e-6, 1e-6))
report("rms; centred frames", "centredRms", "", (1e-6, 1e-6))
report("zeroCrossings: zero_crossing_rate, which leaves out a frame's first sample", "zeroCrossings", "", (1.01 / N, 1.01 / N))
report("skewness: numpy", "skewness", "", (1e-5, 0.1))
report("kurtosis: numpy", "kurtosis", "", (1e-4, 5))
report("entropy: numpy", "entropy", "", (1e-6, 1e-5))
report("flux: numpy", "flux", "", (1e-6, 1e-5))
sys.exit(1 if failed else 0)
