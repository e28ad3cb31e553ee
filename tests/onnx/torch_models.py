# SPDX-License-Identifier: MIT
"""Networks of a few kilobytes that together use every operator and structure that import_onnx takes."""
import torch
import torch.nn.functional as F
from torch import nn


def conv_bn(inputs, outputs, kernel=3, **options):
    options.setdefault("padding", kernel // 2)
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, bias=False, **options), nn.BatchNorm2d(outputs))


class Chain(nn.Module):
    """Plain layers in a Sequential: strides, dilation, groups, depthwise, 1x7 and 7x1, relu6, dropout."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, stride=(2, 1), padding=1, groups=8),
            nn.BatchNorm2d(8, eps=1e-3), nn.ReLU6(), nn.Conv2d(8, 6, (1, 7), padding=(0, 3), groups=2),
            nn.LeakyReLU(0.1), nn.Conv2d(6, 8, (7, 1), padding=(3, 0), bias=False), nn.BatchNorm2d(8, eps=2e-5),
            nn.LeakyReLU(), nn.Conv2d(8, 8, 3, padding=2, dilation=2), nn.Sigmoid(), nn.MaxPool2d(2, stride=1),
            nn.Conv2d(8, 4, 2), nn.ReLU())
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(4 * 3 * 9, 8), nn.ReLU(), nn.Linear(8, 5))

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = conv_bn(inputs, outputs, 1, stride=stride) if stride > 1 else None

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + shortcut)


class Residual(nn.Module):
    """A ResNet: blocks with and without projection, three alike in a row; the head is a matrix product."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.layer1 = nn.Sequential(Block(6, 6), Block(6, 6), Block(6, 6))
        self.layer2 = nn.Sequential(Block(6, 8, 2), Block(8, 8))
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x)))))
        x = F.adaptive_avg_pool2d(x, 1)
        return self.fc(x.view(x.size(0), -1))


class Nested(nn.Module):
    """Residuals inside residuals, sums of three, and layers that stand beside each other without a module."""

    def __init__(self):
        super().__init__()
        for i in range(1, 6):
            setattr(self, f"conv{i}", nn.Conv2d(3 if i == 1 else 5, 5, 3, padding=1))
        self.weight = nn.Parameter(torch.randn(5, 4) * 0.5)
        self.bias = nn.Parameter(torch.randn(4))

    def forward(self, x):
        x = self.conv1(x)
        y = torch.relu(self.conv2(x))
        x = x + (y + self.conv3(y)).sigmoid()
        x = self.conv4(x) + (x + self.conv5(x))
        return x.mean((2, 3)) @ self.weight + self.bias


class Inception(nn.Module):
    """Branches with concatenation, one of them pooling, one passing its input on; ceil mode; SqueezeNet's fire."""

    def __init__(self):
        super().__init__()
        self.branch1x1 = conv_bn(3, 4, 1)
        self.branch3x3_1 = conv_bn(3, 4, 1)
        self.branch3x3_2 = nn.Conv2d(4, 5, 3, padding=1)
        self.branch_pool = nn.Conv2d(3, 3, 1)
        self.squeeze = nn.Conv2d(15, 4, 1)
        self.expand1x1 = nn.Conv2d(4, 4, 1)
        self.expand3x3 = nn.Conv2d(4, 4, 3, padding=1)
        self.classifier = nn.Conv2d(8, 5, 1)

    def forward(self, x):
        pooled = F.avg_pool2d(x, 3, stride=1, padding=1)
        x = torch.cat([self.branch1x1(x).relu(), self.branch3x3_2(self.branch3x3_1(x).relu()).relu(),
                       self.branch_pool(pooled).relu(), x], 1)
        x = F.max_pool2d(x, 3, stride=2, ceil_mode=True)
        x = F.relu(self.squeeze(x))
        x = torch.cat([F.relu(self.expand1x1(x)), F.relu(self.expand3x3(x))], 1)
        x = F.adaptive_avg_pool2d(F.relu(self.classifier(x)), (1, 1))
        return torch.flatten(x, 1)


class Branching(nn.Module):
    """Branches that branch again (Inception-V3's last blocks), which the exporter writes as one concatenation."""

    def __init__(self):
        super().__init__()
        self.before = conv_bn(3, 6)
        self.one = nn.Conv2d(6, 3, 1)
        self.shared = nn.Sequential(nn.Conv2d(6, 5, 1), nn.ReLU())
        self.across = nn.Conv2d(5, 3, (1, 3), padding=(0, 1))
        self.down = nn.Conv2d(5, 3, (3, 1), padding=(1, 0))
        self.fc = nn.Linear(14, 5)

    def forward(self, x):
        x = self.before(x).relu()
        y = self.shared(x)
        x = torch.cat([self.one(x), torch.cat([self.across(y), self.down(y), y], 1)], 1)
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Pools(nn.Module):
    """Every kind of pool: ceil mode, padding counted or not, odd extents."""

    frame = (3, 14, 11)

    def __init__(self):
        super().__init__()
        self.head = nn.Linear(3 * 3 * 2, 5)

    def forward(self, x):
        x = F.max_pool2d(x, 3, stride=2, padding=1, ceil_mode=True)
        x = F.avg_pool2d(x, (3, 2), stride=1, padding=(1, 0), count_include_pad=False)
        x = F.avg_pool2d(x, 2, stride=1, padding=1)
        x = F.avg_pool2d(x, 3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)
        x = F.max_pool2d(x, 2, stride=2, ceil_mode=True)
        return self.head(x.reshape(x.shape[0], -1))


class Gate(nn.Module):
    def __init__(self, channels, reduced, gate, dense=False):
        super().__init__()
        self.dense = dense
        self.fc1 = nn.Linear(channels, reduced) if dense else nn.Conv2d(channels, reduced, 1)
        self.fc2 = nn.Linear(reduced, channels) if dense else nn.Conv2d(reduced, channels, 1)
        self.gate = gate

    def forward(self, x):
        s = x.mean([2, 3]) if self.dense else F.adaptive_avg_pool2d(x, 1)
        s = self.gate(self.fc2(F.relu(self.fc1(s))))
        return x * (s.view(s.size(0), -1, 1, 1) if self.dense else s)


class Mobile(nn.Module):
    """MobileNetV3's parts: hard swish, hard sigmoid, swish, gates, inverted residuals, softmax inside."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(conv_bn(3, 6, stride=2), nn.Hardswish())
        self.expand = nn.Sequential(conv_bn(6, 8, 1), nn.SiLU())
        self.depthwise = nn.Sequential(conv_bn(8, 8, 3, groups=8), nn.Hardsigmoid())
        self.gate = Gate(8, 4, nn.Hardsigmoid())
        self.project = conv_bn(8, 6, 1)
        self.second = Gate(6, 3, nn.Sigmoid(), dense=True)
        self.attention = nn.Sequential(nn.Conv2d(6, 6, 1), nn.Softmax2d())
        self.fc = nn.Linear(6, 5)

    def scores(self, x):
        x = self.stem(x)
        x = x + self.project(self.gate(self.depthwise(self.expand(x))))
        x = self.second(x)
        x = x * self.attention(x)
        return self.fc(F.adaptive_avg_pool2d(x, 1).squeeze(-1).squeeze(-1))

    def forward(self, x):
        return torch.log_softmax(self.scores(x), 1)


class Spelt(nn.Module):
    """Activations that exporters take apart, and padding that stands by itself."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 3)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1, dilation=(1, 2))
        self.conv3 = nn.Conv2d(6, 6, 2)
        self.fc = nn.Linear(6, 5)

    def forward(self, x):
        x = self.conv1(F.pad(x, (0, 1, 1, 2)))
        x = x * F.relu6(x + 3) / 6
        x = self.conv2(x)
        x = x * (F.relu6(3 + x) / 6)
        x = self.conv3(F.pad(x, (0, 1, 0, 1)))
        x = F.relu6(x + 3.0) * (1.0 / 6.0) + torch.clamp(x, min=0)
        x = F.avg_pool2d(F.pad(x, (0, 1, 0, 1)), 2)
        x = x * torch.sigmoid(x)
        return self.fc(x.mean([-1, -2], keepdim=True).flatten(1))


class Shuffle(nn.Module):
    """ShuffleNet's unit: grouped 1x1 convolutions with the channels shuffled between them."""

    def __init__(self):
        super().__init__()
        self.stem = conv_bn(3, 6)
        self.first = nn.Conv2d(6, 6, 1, groups=3)
        self.second = nn.Conv2d(6, 6, 1, groups=2)
        self.fc = nn.Linear(6, 5, bias=False)

    def forward(self, x):
        x = self.stem(x).relu()
        y = self.first(x)
        n, c, h, w = y.size()
        y = y.view(n, 3, c // 3, h, w).transpose(1, 2).contiguous().view(n, -1, h, w)
        x = torch.relu(x + self.second(y))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


EVAL = torch.onnx.TrainingMode.EVAL
EXPORTS = [
    {"name": "chain", "make": Chain, "opset": 13},
    {"name": "chain_folded_9", "make": Chain, "opset": 9, "training": EVAL},
    {"name": "residual", "make": Residual, "opset": 11},
    {"name": "residual_folded", "make": Residual, "opset": 13, "training": EVAL, "dynamic": True},
    {"name": "nested", "make": Nested, "opset": 13},
    {"name": "nested_unfolded_9", "make": Nested, "opset": 9, "fold": False},
    {"name": "inception", "make": Inception, "opset": 13},
    {"name": "inception_folded_9", "make": Inception, "opset": 9, "training": EVAL},
    {"name": "branching", "make": Branching, "opset": 13},
    {"name": "pools", "make": Pools, "opset": 13},
    {"name": "mobile", "make": Mobile, "opset": 14},
    {"name": "mobile_folded_11", "make": Mobile, "opset": 11, "training": EVAL, "dynamic": True},
    {"name": "spelt", "make": Spelt, "opset": 13},
    {"name": "spelt_unfolded_11", "make": Spelt, "opset": 11, "fold": False},
    {"name": "shuffle", "make": Shuffle, "opset": 13, "dynamic": True},
    {"name": "shuffle_9", "make": Shuffle, "opset": 9, "training": EVAL, "fold": False},
]
