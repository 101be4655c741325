package main

// The chain over Lotus JSON-RPC, and messages signed with go-crypto.

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/filecoin-project/go-address"
	"github.com/filecoin-project/go-crypto"
	"github.com/filecoin-project/go-state-types/abi"
	"github.com/filecoin-project/go-state-types/big"
	"github.com/fxamacker/cbor/v2"
	"github.com/ipfs/go-cid"
	"github.com/minio/blake2b-simd"
	"github.com/multiformats/go-multihash"
	cbg "github.com/whyrusleeping/cbor-gen"
)

type chainClient struct {
	url string
	key []byte
	own address.Address // key address of the worker
}

func newChainClient(url string, key []byte) (*chainClient, error) {
	own, err := address.NewSecp256k1Address(crypto.PublicKey(key))
	return &chainClient{url: url, key: key, own: own}, err
}

func (c *chainClient) call(method string, out any, params ...any) error {
	if params == nil {
		params = []any{}
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "Filecoin." + method, "params": params})
	if err != nil {
		return err
	}
	reply, err := http.Post(c.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	var answer struct {
		Result json.RawMessage
		Error  *struct {
			Code    int
			Message string
		}
	}
	if err := json.NewDecoder(reply.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if answer.Error != nil {
		return fmt.Errorf("%s: %s", method, answer.Error.Message)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.Result, out)
}

// link is a CBOR link (tag 42) to the bytes.
func link(data []byte) any {
	sum, err := multihash.Sum(data, multihash.SHA2_256, 32)
	if err != nil {
		return nil
	}
	return cbor.Tag{Number: 42, Content: append([]byte{0}, cid.NewCidV1(cid.DagCBOR, sum).Bytes()...)}
}

type tipSet struct{ Height int64 }

func (c *chainClient) height() (int64, error) {
	var head tipSet
	err := c.call("ChainHead", &head)
	return head.Height, err
}

type message struct {
	Version    uint64
	To, From   string
	Nonce      uint64
	Value      string
	GasLimit   int64
	GasFeeCap  string
	GasPremium string
	Method     uint64
	Params     []byte
}

type receipt struct {
	Receipt struct {
		ExitCode int64
		Return   []byte
	}
	Height int64
}

// execute sends a message and waits until it has landed.
func (c *chainClient) execute(to address.Address, method uint64, params []byte) (*receipt, error) {
	m := message{To: to.String(), From: c.own.String(), Value: "0", GasFeeCap: "0", GasPremium: "0", Method: method, Params: params}
	if err := c.call("MpoolGetNonce", &m.Nonce, m.From); err != nil {
		return nil, err
	}
	if err := c.call("GasEstimateMessageGas", &m, m, map[string]string{"MaxFee": "0"}, []any{}); err != nil {
		return nil, err
	}
	signature, err := c.sign(m)
	if err != nil {
		return nil, err
	}
	var pushed map[string]string
	signed := map[string]any{"Message": m, "Signature": map[string]any{"Type": 1, "Data": base64.StdEncoding.EncodeToString(signature)}}
	if err := c.call("MpoolPush", &pushed, signed); err != nil {
		return nil, err
	}
	for try := 0; try < 600; try++ {
		var landed *receipt
		if err := c.call("StateSearchMsg", &landed, []any{}, pushed, -1, true); err != nil {
			return nil, err
		}
		if landed != nil {
			if landed.Receipt.ExitCode != 0 {
				return nil, fmt.Errorf("method %d: exit code %d", method, landed.Receipt.ExitCode)
			}
			return landed, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, fmt.Errorf("method %d: message %v did not land", method, pushed)
}

func (c *chainClient) signBytes(data []byte) ([]byte, error) {
	digest := blake2b.Sum256(data)
	return crypto.Sign(c.key, digest[:])
}

// sign is over the bytes of the message's CID.
func (c *chainClient) sign(m message) ([]byte, error) {
	var encoded bytes.Buffer
	if err := encodeMessage(&encoded, m); err != nil {
		return nil, err
	}
	sum, err := multihash.Sum(encoded.Bytes(), multihash.BLAKE2B_MIN+31, 32)
	if err != nil {
		return nil, err
	}
	return c.signBytes(cid.NewCidV1(cid.DagCBOR, sum).Bytes())
}

func encodeMessage(out *bytes.Buffer, m message) error {
	to, err := address.NewFromString(m.To)
	if err != nil {
		return err
	}
	from, err := address.NewFromString(m.From)
	if err != nil {
		return err
	}
	w := cbg.NewCborWriter(out)
	steps := []func() error{
		func() error { return w.WriteMajorTypeHeader(cbg.MajArray, 10) },
		func() error { return w.WriteMajorTypeHeader(cbg.MajUnsignedInt, m.Version) },
		func() error { return to.MarshalCBOR(w) },
		func() error { return from.MarshalCBOR(w) },
		func() error { return w.WriteMajorTypeHeader(cbg.MajUnsignedInt, m.Nonce) },
		func() error { return amount(w, m.Value) },
		func() error { return w.WriteMajorTypeHeader(cbg.MajUnsignedInt, uint64(m.GasLimit)) },
		func() error { return amount(w, m.GasFeeCap) },
		func() error { return amount(w, m.GasPremium) },
		func() error { return w.WriteMajorTypeHeader(cbg.MajUnsignedInt, m.Method) },
		func() error { return cbg.WriteByteArray(w, m.Params) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func amount(w *cbg.CborWriter, decimal string) error {
	value, err := big.FromString(decimal)
	if err != nil {
		return err
	}
	return (&abi.TokenAmount{Int: value.Int}).MarshalCBOR(w)
}
