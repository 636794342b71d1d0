"""The decoder's step in PyTorch on one thread: reads a request a line, answers with its logits and CPU seconds."""
import base64
import json
import sys
import time

import numpy
import torch
from torch.nn import functional as F

torch.set_num_threads(1)
plan = json.loads(sys.stdin.readline())
width, heads, layers, batch = plan["width"], plan["heads"], plan["layers"], plan["batch"]
size = width // heads
raw = numpy.fromfile(plan["file"], dtype="<f4")
weights = {
    name: torch.from_numpy(raw[start : start + int(numpy.prod(dims))].reshape(dims).copy())
    for name, start, dims in plan["arrays"]
}
keys = torch.zeros(layers, batch, heads, plan["context"], size)
values = torch.zeros(layers, batch, heads, plan["context"], size)


def array(text):
    return torch.from_numpy(numpy.frombuffer(base64.b64decode(text), dtype="<f4").copy())


def normal(x):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6)


def turn(a, b, cosines, sines):
    a, b = a.view(batch, heads, 1, -1), b.view(batch, heads, 1, -1)
    return torch.cat([a * cosines - b * sines, a * sines + b * cosines], 3)


def step(x, cosines, sines, told, at):
    for i in range(layers):
        q1, k1, q2, k2, v = torch.split(normal(x) @ weights[f"layer{i}.qkv"], [width // 2] * 4 + [width], 1)
        keys[i, :, :, at] = turn(k1, k2, cosines, sines)[:, :, 0]
        values[i, :, :, at] = v.view(batch, heads, size)
        query = turn(q1, q2, cosines, sines)
        mixed = F.scaled_dot_product_attention(query, keys[i, :, :, : at + 1], values[i, :, :, : at + 1])
        x = x + mixed.reshape(batch, width) @ weights[f"layer{i}.out"]
        x = x + F.relu(normal(x) @ weights[f"layer{i}.up"]).square() @ weights[f"layer{i}.down"]
    hidden = F.relu(normal(x) @ weights["head.trunk"] + told).square()
    parts = torch.split(hidden, plan["headWidth"], 1)
    return torch.cat([part @ weights[f"head.out{k}"] + weights[f"head.outBias{k}"] for k, part in enumerate(parts)], 1)


with torch.inference_mode():
    for line in sys.stdin:
        note = json.loads(line)
        inputs = [array(note[name]) for name in ("embedded", "cosines", "sines", "told")]
        inputs[0], inputs[3] = inputs[0].view(batch, -1), inputs[3].view(batch, -1)
        begin = time.process_time()
        logits = step(*inputs, note["at"])
        seconds = time.process_time() - begin
        answer = base64.b64encode(logits[-1].numpy().astype("<f4").tobytes()).decode()
        print(json.dumps({"logits": answer, "seconds": seconds}), flush=True)
