package main

// The transfer of a piece from Weir's piece host, and its commitment computed
// by go-fil-commp-hashhash.

import (
	"fmt"
	"io"
	"net/http"
	"os"

	commcid "github.com/filecoin-project/go-fil-commcid"
	commp "github.com/filecoin-project/go-fil-commp-hashhash"
	"github.com/ipfs/go-cid"
)

// download gets the piece into a file and returns its piece CID and padded size.
func download(target transferTarget, size uint64, into string) (cid.Cid, uint64, error) {
	request, err := http.NewRequest(http.MethodGet, target.URL, nil)
	if err != nil {
		return cid.Undef, 0, err
	}
	for name, value := range target.Headers {
		request.Header.Set(name, value)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return cid.Undef, 0, err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return cid.Undef, 0, fmt.Errorf("the piece host answered %s", reply.Status)
	}
	file, err := os.Create(into)
	if err != nil {
		return cid.Undef, 0, err
	}
	defer file.Close()
	var tree commp.Calc
	got, err := io.Copy(io.MultiWriter(file, &tree), reply.Body)
	if err != nil {
		return cid.Undef, 0, err
	}
	if uint64(got) != size {
		return cid.Undef, 0, fmt.Errorf("transfer size is %d, got %d bytes", size, got)
	}
	root, padded, err := tree.Digest()
	if err != nil {
		return cid.Undef, 0, err
	}
	piece, err := commcid.DataCommitmentV1ToCID(root)
	return piece, padded, err
}
