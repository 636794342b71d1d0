"""The models of models.ts in PyTorch: reads a model's name a line, answers with the CPU milliseconds of one step."""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(1)
torch.set_num_threads(1)  # waiting threads of its own would count as CPU time


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2 = nn.Conv2d(1, 16, 3, 2, 1, bias=False), nn.Conv2d(16, 32, 3, 2, 1, bias=False)
        self.mean, self.log_variance = nn.Linear(1568, 16, bias=False), nn.Linear(1568, 16, bias=False)
        self.start = nn.Linear(16, 1568, bias=False)
        self.up1 = nn.ConvTranspose2d(32, 16, 3, 2, 1, 1, bias=False)
        self.up2 = nn.ConvTranspose2d(16, 1, 3, 2, 1, 1, bias=False)
        self.x = torch.sigmoid(torch.randn(16, 1, 28, 28))

    def loss(self):
        seen = F.relu(self.down2(F.relu(self.down1(self.x)))).flatten(1)
        mean, log_variance = self.mean(seen), self.log_variance(seen)
        code = mean + torch.exp(log_variance / 2) * torch.randn_like(mean)
        image = self.up2(F.relu(self.up1(F.relu(self.start(code)).reshape(16, 32, 7, 7))))
        kl = (torch.exp(log_variance) + mean**2 - 1 - log_variance).mean() / 2
        return F.binary_cross_entropy_with_logits(image, self.x) + 0.1 * kl


class Gan(nn.Module):
    def __init__(self):
        super().__init__()
        self.g0 = nn.Linear(16, 512, bias=False)
        self.g1 = nn.ConvTranspose1d(32, 16, 5, 2, 2, 1, bias=False)
        self.g2 = nn.ConvTranspose1d(16, 8, 5, 2, 2, 1, bias=False)
        self.d1, self.d2 = nn.Conv1d(8, 16, 5, 2, 2, bias=False), nn.Conv1d(16, 32, 5, 2, 2, bias=False)
        self.d3 = nn.Linear(512, 1, bias=False)
        self.real, self.noise = torch.randn(16, 8, 64), torch.randn(16, 16)

    def judge(self, x, fixed=False):
        w1, w2, w3 = (m.weight.detach() if fixed else m.weight for m in (self.d1, self.d2, self.d3))
        seen = F.leaky_relu(F.conv1d(F.leaky_relu(F.conv1d(x, w1, None, 2, 2), 0.2), w2, None, 2, 2), 0.2)
        return F.linear(seen.flatten(1), w3)

    def loss(self):
        start = F.leaky_relu(self.g0(self.noise), 0.2).reshape(16, 32, 16)
        fake = torch.tanh(self.g2(F.leaky_relu(self.g1(start), 0.2)))
        fooled, real, seen = self.judge(fake, True), self.judge(self.real), self.judge(fake.detach())
        bce = F.binary_cross_entropy_with_logits
        return bce(fooled, torch.ones_like(fooled)) + bce(real, torch.ones_like(real)) + bce(seen, torch.zeros_like(seen))


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.table = nn.Embedding(50, 32)
        self.layer = kind(32, 48, batch_first=True)
        self.norm = nn.LayerNorm(48) if kind is nn.LSTM else nn.Identity()
        self.head = nn.Linear(48, 10)
        self.ids, self.labels = torch.randint(50, (16, 32)), torch.randint(10, (16,))

    def loss(self):
        outputs, _ = self.layer(self.table(self.ids))
        return F.cross_entropy(self.head(self.norm(outputs[:, -1])), self.labels)


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        gelu = nn.GELU(approximate="tanh")
        self.net = nn.Sequential(nn.Linear(64, 128), gelu, nn.Linear(128, 128), gelu, nn.Linear(128, 10))
        self.x, self.labels = torch.randn(64, 64), torch.randint(10, (64,))

    def loss(self):
        return F.cross_entropy(self.net(self.x), self.labels)


class Transformer(nn.Module):
    def __init__(self, layers, width, heads, hidden, vocabulary, length, batch):
        super().__init__()
        self.table, self.vocabulary = nn.Embedding(vocabulary, width), vocabulary
        layer = lambda: nn.TransformerEncoderLayer(
            width, heads, hidden, 0.0, F.gelu, batch_first=True, norm_first=True
        )
        self.blocks = nn.ModuleList([layer() for _ in range(layers)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)
        self.mask = torch.triu(torch.full((length, length), float("-inf")), 1)
        self.ids = torch.randint(vocabulary, (batch, length))
        self.labels = torch.randint(vocabulary, (batch * length,))

    def loss(self):
        x = self.table(self.ids)
        for block in self.blocks:
            x = block(x, src_mask=self.mask, is_causal=True)
        return F.cross_entropy(self.head(self.norm(x)).reshape(-1, self.vocabulary), self.labels)


class VoiceVae(nn.Module):
    """Phrases of 32 steps in 8 patches, one class a step and voice: packages/generate/src/vae/model.ts, random classes."""

    def __init__(self, classes, width, hidden, latent, local, rows=64, steps=32, patches=8, embedding=32, head=96):
        super().__init__()
        voices, self.local, self.latent, self.head = len(classes), local, latent, head
        self.shape = (rows, patches, voices)
        wide, own = latent - patches * local, steps // patches * voices
        self.embeddings = nn.ModuleList(nn.Embedding(n, embedding) for n in classes)
        self.patch, self.patch_bias = nn.Linear(own * embedding, width, bias=False), nn.Parameter(torch.zeros(patches, width))
        self.mix, self.deep = nn.Linear(patches * width, hidden), nn.Linear(hidden, hidden)
        self.whole, self.each = nn.Linear(hidden, 2 * wide), nn.Linear(width, 2 * local)
        self.open, self.deep2 = nn.Linear(latent, hidden), nn.Linear(hidden, hidden)
        self.mix2, self.each2 = nn.Linear(hidden, patches * width), nn.Linear(local, width, bias=False)
        self.out, self.out_bias = nn.Linear(width, own * head, bias=False), nn.Parameter(torch.zeros(patches, own * head))
        self.history = nn.ModuleList(nn.ModuleList([nn.Embedding(n + 2, head), nn.Embedding(n + 2, head)]) for n in classes)
        self.beside = nn.ModuleList(nn.ModuleList(nn.Embedding(m + 2, head) for m in classes[:v]) for v in range(voices))
        self.heads = nn.ModuleList(nn.Linear(head, n) for n in classes)
        self.classes = [torch.randint(n, (rows * steps,)) for n in classes]

    def loss(self):
        rows, patches, voices = self.shape
        x = torch.cat([table(c) for table, c in zip(self.embeddings, self.classes)], 1).reshape(rows, patches, -1)
        patch = F.silu(self.patch(x) + self.patch_bias)
        mixed = F.silu(self.mix(patch.flatten(1)))
        whole = self.whole(mixed + F.silu(self.deep(mixed))).chunk(2, 1)
        each = self.each(patch).chunk(2, 2)
        mean = torch.cat([whole[0], each[0].flatten(1)], 1)
        log_variance = torch.clamp(torch.cat([whole[1], each[1].flatten(1)], 1) - 4, -12, 4)
        z = mean + torch.exp(log_variance / 2) * torch.randn_like(mean)
        kl = (torch.exp(log_variance) + mean**2 - 1 - log_variance).sum(1).mean() / 2
        opened = F.silu(self.open(z))
        own = z[:, -patches * self.local :].reshape(rows, patches, self.local)
        mixed = self.mix2(opened + F.silu(self.deep2(opened))).reshape(rows, patches, -1)
        steps = (self.out(F.silu(mixed + self.each2(own))) + self.out_bias).reshape(-1, voices, self.head)
        nats = 0
        for v, classes in enumerate(self.classes):
            told = self.history[v][0](classes) + self.history[v][1](classes)
            for u, table in enumerate(self.beside[v]):
                told = told + table(self.classes[u])
            nats = nats + F.cross_entropy(self.heads[v](F.silu(steps[:, v] + told)), classes, reduction="sum")
        return nats / rows + 0.1 * kl


MODELS = {
    "melody VAE": VoiceVae([130], 128, 256, 96, 8),
    "drums VAE": VoiceVae([512], 128, 256, 128, 12),
    "trio VAE": VoiceVae([512, 130, 130], 256, 384, 224, 24),
    "MLP": Mlp(),
    "conv VAE": Vae(),
    "conv1d GAN": Gan(),
    "GRU": Recurrent(nn.GRU),
    "LSTM": Recurrent(nn.LSTM),
    "Transformer": Transformer(2, 64, 4, 256, 128, 64, 8),
    "reference Transformer": Transformer(4, 256, 8, 1024, 512, 256, 8),
}
OPTIMISERS = {name: torch.optim.Adam(model.parameters(), 1e-3) for name, model in MODELS.items()}
for line in sys.stdin:
    name = line.strip()
    start = time.process_time()
    OPTIMISERS[name].zero_grad()
    loss = MODELS[name].loss()
    loss.backward()
    OPTIMISERS[name].step()
    loss.item()
    print((time.process_time() - start) * 1000, flush=True)
