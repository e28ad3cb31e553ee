// SPDX-License-Identifier: MIT
// frames: twelve records of the demo's clip as constants, three of each sequence; see examples/data/README.md.
        .macro record number
        .incbin "davis4_dev.bin", 3073 * \number, 3073
        .endm

        .section .rodata.embedded_frames, "a", %progbits
        .globl embedded_frames
        .hidden embedded_frames
        .type embedded_frames, %object
        .size embedded_frames, 12 * 3073
embedded_frames:
        record 0
        record 20
        record 40
        record 50
        record 65
        record 80
        record 90
        record 110
        record 130
        record 140
        record 156
        record 172
        .section .note.GNU-stack, "", %progbits
