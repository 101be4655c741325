// commp prints the piece CID of its standard input, by the library that
// stream-commp is made of.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	commcid "github.com/filecoin-project/go-fil-commcid"
	commp "github.com/filecoin-project/go-fil-commp-hashhash"
)

func main() {
	sum := &commp.Calc{}
	_, err := io.CopyBuffer(struct{ io.Writer }{sum}, struct{ io.Reader }{bufio.NewReaderSize(os.Stdin, 16<<20)}, make([]byte, 1<<20))
	if err != nil {
		panic(err)
	}
	raw, _, err := sum.Digest()
	if err != nil {
		panic(err)
	}
	id, err := commcid.DataCommitmentV1ToCID(raw)
	if err != nil {
		panic(err)
	}
	fmt.Println(id)
}
