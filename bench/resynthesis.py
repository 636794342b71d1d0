"""Answers lines "COMMAND PATH" on standard input with one line of JSON: librosa's part of resynthesis.ts.

PATH: a mono clip, float32, 22,050 Hz. CPU time counts this process, all threads.
"""

import json
import sys
import time

import librosa
import numpy as np

RATE, FRAME, HOP, ITERATIONS = 22050, 2048, 512, 32


def convergence(samples, target):
    rebuilt = np.abs(librosa.stft(samples.astype(np.float64), n_fft=FRAME, hop_length=HOP))
    return float(np.linalg.norm(rebuilt - target) / np.linalg.norm(target))


def griffin_lim(samples, dtype):
    target = np.abs(librosa.stft(samples.astype(np.float64), n_fft=FRAME, hop_length=HOP))
    given = target.astype(dtype)
    start = time.process_time()
    found = librosa.griffinlim(given, n_iter=ITERATIONS, hop_length=HOP, length=len(samples), random_state=0)
    return {"cpuSeconds": time.process_time() - start, "convergence": convergence(found, target)}


def mel_inversion(samples):
    target = np.abs(librosa.stft(samples, n_fft=FRAME, hop_length=HOP))
    mel = librosa.feature.melspectrogram(S=target**2, sr=RATE, n_mels=128)
    start = time.process_time()
    found = librosa.feature.inverse.mel_to_stft(mel, sr=RATE, n_fft=FRAME)
    seconds = time.process_time() - start
    return {"cpuSeconds": seconds, "convergence": float(np.linalg.norm(found - target) / np.linalg.norm(target))}


for line in sys.stdin:
    command, path = line.rstrip("\n").split(" ", 1)
    samples = np.fromfile(path, dtype=np.float32)
    if command == "mel":
        answer = mel_inversion(samples)
    else:
        answer = griffin_lim(samples, np.float32 if command == "single" else np.float64)
    print(json.dumps({"version": librosa.__version__, **answer}), flush=True)
