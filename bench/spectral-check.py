"""Compares the arrays that spectral-check.ts dumped (float64, NAME.f64 in the folder given) with librosa."""

import sys
from pathlib import Path

import librosa
import numpy as np

RATE = 22050
LOWEST = 440 * 2 ** ((24 - 69) / 12)
folder = Path(sys.argv[1])
failed = False


def load(name, columns=None):
    values = np.fromfile(folder / f"{name}.f64")
    return values if columns is None else values.reshape(-1, columns)


def relative_bandwidth(bins_per_octave):
    """librosa's, for evenly spaced bins."""
    step = 2 ** (2 / bins_per_octave)
    return (step - 1) / (step + 1)


def report(name, ours, theirs, limit):
    global failed
    worst = np.max(np.abs(ours - theirs))
    failed |= not worst <= limit
    print(f"| {name} | {worst:.2g} | {np.min(theirs):.4g} … {np.max(theirs):.4g} |")


x = load("samples")
print(f"librosa {librosa.__version__}, numpy {np.__version__}\n")
print("| what | largest difference | range |\n|---|---|---|")

for window in ["hann", "hamming", "blackman", "rectangular"]:
    for padding, pad_mode in [("zero", "constant"), ("reflect", "reflect"), ("none", None)]:
        theirs = librosa.stft(
            x,
            n_fft=1024,
            hop_length=256,
            window="boxcar" if window == "rectangular" else window,
            center=pad_mode is not None,
            pad_mode=pad_mode or "constant",
            dtype=np.complex128,
        ).T
        name = f"stft-{window}-{padding}"
        ours = load(name + "-re", 513) + 1j * load(name + "-im", 513)
        worst = np.max(np.abs(ours - theirs))
        failed |= not worst <= 1e-9
        print(f"| stft 1024/256, {window}, padding {padding} | {worst:.2g} | magnitudes to {np.max(np.abs(theirs)):.4g} |")

changed = load("changed-re", 513) + 1j * load("changed-im", 513)
report(
    "istft 1024/256 of a spectrogram that no signal has",
    load("istft"),
    librosa.istft(changed.T, n_fft=1024, hop_length=256, length=len(x), dtype=np.float64),
    1e-9,
)

onsets = load("onsets")
half = 192
inner = slice(half, len(onsets) - half)  # librosa ramps the ends down, ours are zero beyond them
theirs = librosa.feature.tempogram(onset_envelope=onsets, sr=RATE, hop_length=512, win_length=384).T
report("autocorrelation tempogram, 384 frames, inner frames", load("tempogram", 384)[inner], theirs[inner], 1e-5)
theirs = np.abs(librosa.feature.fourier_tempogram(onset_envelope=onsets, sr=RATE, hop_length=512, win_length=384)).T
ours = load("fourier-tempogram", 193)
report("Fourier tempogram, 384 frames", ours[: len(theirs)], theirs[: len(ours)], 1e-3)

clips = int(load("clip-count")[0])
if clips == 0:
    sys.exit(1 if failed else 0)
rows = []
for i in range(clips):
    y = load(f"clip-{i}")
    ours = load(f"cqt-{i}", 84)
    raw = np.abs(librosa.cqt(y, sr=RATE, hop_length=512, fmin=LOWEST, n_bins=84, tuning=0.0)).T
    lengths, _ = librosa.filters.wavelet_lengths(freqs=LOWEST * 2 ** (np.arange(84) / 12), sr=RATE)
    theirs = 2 * raw / np.sqrt(lengths)  # to the amplitude of a sine, as ours
    frames = min(len(ours), len(theirs))
    loud = np.flatnonzero(theirs[:frames].max(axis=1) > 0.01 * theirs.max())

    def correlation(a, b):
        return np.array([np.corrcoef(a[t], b[t])[0, 1] for t in loud])

    chroma = librosa.feature.chroma_cqt(y=y, sr=RATE, tuning=0.0, bins_per_octave=36, norm=None).T
    fine, _ = librosa.filters.wavelet_lengths(
        freqs=LOWEST * 2 ** (np.arange(252) / 36), sr=RATE, alpha=relative_bandwidth(36)
    )
    spectrum = librosa.cqt(y, sr=RATE, fmin=LOWEST, n_bins=252, bins_per_octave=36, tuning=0.0)
    power = np.abs(spectrum) ** 2 / fine[:, None]
    powers = librosa.feature.chroma_cqt(C=power, fmin=LOWEST, n_octaves=7, bins_per_octave=36, norm=None).T
    tuning = 100 * librosa.estimate_tuning(y=y, sr=RATE, resolution=0.01)
    rows.append(
        [
            correlation(ours, theirs),
            correlation(load(f"cqt-chroma-{i}", 12), chroma),
            correlation(load(f"cqt-chroma-{i}", 12), powers),
            np.median(ours[loud].max(axis=1) / theirs[loud].max(axis=1)),
            load(f"tuning-{i}")[0] - tuning,
        ]
    )
cqt = np.concatenate([row[0] for row in rows])
chroma, powers = (np.concatenate([row[i] for row in rows]) for i in (1, 2))
print(f"\n{clips} clips, {len(cqt)} frames above −40 dB of their clip's loudest\n")
print("| against librosa | correlation of a frame: median | 5th percentile |\n|---|---|---|")
print(f"| cqt, 84 bins | {np.median(cqt):.4f} | {np.percentile(cqt, 5):.4f} |")
print(f"| cqtChroma, 36 bins an octave; chroma_cqt of powers | {np.median(powers):.4f} | {np.percentile(powers, 5):.4f} |")
print(f"| cqtChroma, 36 bins an octave; chroma_cqt as it is (sums magnitudes) | {np.median(chroma):.4f} | {np.percentile(chroma, 5):.4f} |")
print(f"\nlargest bin of a frame, ours over librosa's: {np.median([row[3] for row in rows]):.3f} (median)")
print(f"tuning, ours less librosa's: median |difference| {np.median(np.abs([row[4] for row in rows])):.1f} cents")
sys.exit(1 if failed else 0)
