"""Times librosa for bench/features.ts: reads a line for each round, answers with seconds of CPU time."""

import os
import sys
import time

for name in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

import librosa
import numpy as np

RATE, N, HOP = 22050, 2048, 512
samples = np.fromfile(sys.argv[1], dtype=np.float32)


def extract():
    """The features of the benchmark from one spectrogram, in librosa's own single precision."""
    magnitude = np.abs(librosa.stft(samples, n_fft=N, hop_length=HOP))
    power = magnitude**2
    level = librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=RATE, n_mels=128), top_db=None)
    librosa.feature.mfcc(S=level, n_mfcc=20)
    librosa.feature.chroma_stft(S=power, sr=RATE, tuning=0.0)
    centroid = librosa.feature.spectral_centroid(S=magnitude, sr=RATE)
    librosa.feature.spectral_bandwidth(S=magnitude, sr=RATE, centroid=centroid)
    librosa.feature.spectral_rolloff(S=magnitude, sr=RATE)
    librosa.feature.spectral_flatness(S=magnitude)
    librosa.feature.rms(y=samples, frame_length=N, hop_length=HOP)
    librosa.feature.zero_crossing_rate(samples, frame_length=N, hop_length=HOP)


extract()
print(f"librosa {librosa.__version__}", flush=True)
for _ in sys.stdin:
    start = time.process_time()
    extract()
    print(time.process_time() - start, flush=True)
