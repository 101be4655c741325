package main

// The deal protocol mk12 over HTTP, read with foreign code only: the proposal
// by go-state-types, the signature by go-crypto, the piece by
// go-fil-commp-hashhash.

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/filecoin-project/go-address"
	"github.com/filecoin-project/go-crypto"
	"github.com/filecoin-project/go-state-types/builtin/v9/market"
	fcrypto "github.com/filecoin-project/go-state-types/crypto"
	"github.com/fxamacker/cbor/v2"
	"github.com/minio/blake2b-simd"
)

type transfer struct {
	Size     uint64
	Type     string
	Params   []byte
	ClientID string
}

type dealParams struct {
	DealUUID           []byte
	Transfer           transfer
	IsOffline          bool
	DealDataRoot       cbor.RawMessage
	SkipIPNIAnnounce   bool
	ClientDealProposal cbor.RawMessage
	RemoveUnsealedCopy bool
}

type transferTarget struct {
	URL     string
	Headers map[string]string
}

type parsedDeal struct {
	params   dealParams
	proposal market.ClientDealProposal
	target   transferTarget
}

func parseDeal(body []byte) (*parsedDeal, error) {
	var d parsedDeal
	if err := cbor.Unmarshal(body, &d.params); err != nil {
		return nil, fmt.Errorf("deal params: %w", err)
	}
	if err := d.proposal.UnmarshalCBOR(bytes.NewReader(d.params.ClientDealProposal)); err != nil {
		return nil, fmt.Errorf("proposal: %w", err)
	}
	// Their encoder must give back the very bytes that Weir sent.
	var again bytes.Buffer
	if err := d.proposal.MarshalCBOR(&again); err != nil {
		return nil, err
	}
	if !bytes.Equal(again.Bytes(), d.params.ClientDealProposal) {
		return nil, fmt.Errorf("the proposal is not in canonical form")
	}
	if err := json.Unmarshal(d.params.Transfer.Params, &d.target); err != nil {
		return nil, fmt.Errorf("transfer params: %w", err)
	}
	return &d, nil
}

// checkSignature recovers the key from the signature and compares its address
// with the key address of the proposal's client.
func checkSignature(p *market.ClientDealProposal, clientKey address.Address) error {
	if p.ClientSignature.Type != fcrypto.SigTypeSecp256k1 {
		return fmt.Errorf("signature type %d", p.ClientSignature.Type)
	}
	var plain bytes.Buffer
	if err := p.Proposal.MarshalCBOR(&plain); err != nil {
		return err
	}
	digest := blake2b.Sum256(plain.Bytes())
	public, err := crypto.EcRecover(digest[:], p.ClientSignature.Data)
	if err != nil {
		return err
	}
	signer, err := address.NewSecp256k1Address(public)
	if err != nil {
		return err
	}
	if signer != clientKey {
		return fmt.Errorf("signed by %s, client is %s", signer, clientKey)
	}
	return nil
}

func dealResponse(accepted bool, message string) []byte {
	return mustCBOR(map[string]any{"Message": message, "Accepted": accepted})
}

func mustCBOR(v any) []byte {
	mode, err := cbor.CanonicalEncOptions().EncMode()
	if err != nil {
		panic(err)
	}
	out, err := mode.Marshal(v)
	if err != nil {
		panic(err)
	}
	return out
}
