package main

import (
	"bufio"
	"encoding/binary"
	"io"
	"math/rand"
	"strconv"
)

// random writes words of Go's generator, the low byte first.
func random(size string, out io.Writer) error {
	left, err := strconv.ParseUint(size, 10, 64)
	if err != nil {
		return err
	}
	source := rand.New(rand.NewSource(1337))
	buffered := bufio.NewWriterSize(out, 1<<20)
	var word [4]byte
	for left > 0 {
		binary.LittleEndian.PutUint32(word[:], source.Uint32())
		n := min(left, 4)
		if _, err := buffered.Write(word[:n]); err != nil {
			return err
		}
		left -= n
	}
	return buffered.Flush()
}
