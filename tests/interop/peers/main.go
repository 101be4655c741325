// peers answers for the libraries of others what Weir's bytes are worth:
//
//	peers car FILE...      go-car: every block verified, every block found by the index
//	peers index FILE...    the same by the index that the file itself has
//	peers commp FILE...    go-fil-commp-hashhash: the piece CIDs
//	peers proof < LINES    go-data-segment: inclusion proofs, each to piece CID and size
//	peers random BYTES     the stream of go-random with seed 1337, of which the published piece CIDs are
//
// One line of output for each input. It exits with 1 at the first that is refused.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: peers car|index|commp|proof|random ..."))
	}
	one, ok := map[string]func(string) (string, error){"car": car, "index": indexed, "commp": commitment}[os.Args[1]]
	if os.Args[1] == "proof" {
		fail(proofs(os.Stdin, os.Stdout))
		return
	}
	if os.Args[1] == "random" && len(os.Args) == 3 {
		fail(random(os.Args[2], os.Stdout))
		return
	}
	if !ok {
		fail(fmt.Errorf("there is no %q", os.Args[1]))
	}
	for _, path := range os.Args[2:] {
		line, err := one(path)
		if err != nil {
			fail(fmt.Errorf("%s: %w", path, err))
		}
		fmt.Println(line)
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
