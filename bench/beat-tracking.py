"""Beats of each NAME.f32 (22,050 Hz mono) in the folder given, by librosa.beat.beat_track; prints JSON."""

import json
import sys
import time
from pathlib import Path

import librosa
import numpy as np

RATE = 22050


def track(path, trim=True):
    samples = np.fromfile(path, dtype=np.float32)
    return [float(beat) for beat in librosa.beat.beat_track(y=samples, sr=RATE, units="time", trim=trim)[1]]


paths = sorted(Path(sys.argv[1]).glob("*.f32"))
track(paths[0])  # compile
start = time.process_time()
beats = {path.stem: track(path) for path in paths}
seconds = time.process_time() - start
untrimmed = {path.stem: track(path, trim=False) for path in paths}
print(json.dumps({"version": librosa.__version__, "cpuSeconds": seconds, "beats": beats, "untrimmed": untrimmed}))
