package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/filecoin-project/go-data-segment/datasegment"
	"github.com/filecoin-project/go-data-segment/merkletree"
	commcid "github.com/filecoin-project/go-fil-commcid"
	commp "github.com/filecoin-project/go-fil-commp-hashhash"
	"github.com/filecoin-project/go-state-types/abi"
	"github.com/ipfs/go-cid"
)

func commitment(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := &commp.Calc{}
	if _, err := io.Copy(struct{ io.Writer }{sum}, file); err != nil {
		return "", err
	}
	raw, size, err := sum.Digest()
	if err != nil {
		return "", err
	}
	id, err := commcid.DataCommitmentV1ToCID(raw)
	return fmt.Sprintf("%s %d", id, size), err
}

type treePath struct {
	Index uint64   `json:"index"`
	Path  []string `json:"path"`
}

// One line of `weir piece prove`.
type line struct {
	SegmentCid  string   `json:"segmentCid"`
	SegmentSize uint64   `json:"segmentSize"`
	Subtree     treePath `json:"subtree"`
	Entry       treePath `json:"entry"`
}

func (p treePath) proof() (out merkletree.ProofData, err error) {
	out.Index = p.Index
	for _, text := range p.Path {
		raw, err := hex.DecodeString(text)
		if err != nil || len(raw) != merkletree.NodeSize {
			return out, fmt.Errorf("not a node: %q", text)
		}
		out.Path = append(out.Path, merkletree.Node(raw))
	}
	return out, nil
}

func (l line) check() (*datasegment.InclusionAuxData, error) {
	segment, err := cid.Decode(l.SegmentCid)
	if err != nil {
		return nil, err
	}
	var proof datasegment.InclusionProof
	if proof.ProofSubtree, err = l.Subtree.proof(); err != nil {
		return nil, err
	}
	if proof.ProofIndex, err = l.Entry.proof(); err != nil {
		return nil, err
	}
	return proof.ComputeExpectedAuxData(datasegment.InclusionVerifierData{
		CommPc: segment, SizePc: abi.PaddedPieceSize(l.SegmentSize)})
}

// proofs prints for each the piece that it proves, or "refused" and why.
func proofs(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var one line
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return err
		}
		if aux, err := one.check(); err != nil {
			fmt.Fprintln(out, "refused", err)
		} else {
			fmt.Fprintln(out, aux.CommPa, uint64(aux.SizePa))
		}
	}
	return lines.Err()
}
