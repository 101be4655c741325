package main

// A storage provider that nobody of Weir wrote the checks of: it takes deals
// over mk12, downloads, verifies, publishes and proves its sectors.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/filecoin-project/go-address"
	"github.com/filecoin-project/go-bitfield"
	"github.com/filecoin-project/go-state-types/abi"
	"github.com/filecoin-project/go-state-types/builtin"
	"github.com/filecoin-project/go-state-types/builtin/v15/miner"
	"github.com/filecoin-project/go-state-types/builtin/v9/market"
	"github.com/fxamacker/cbor/v2"
	"github.com/google/uuid"
)

const (
	methodPublish     = 4
	methodProveCommit = 34
)

type deal struct {
	*parsedDeal
	status  string
	problem string
	id      abi.DealID
}

type provider struct {
	miner  address.Address
	chain  *chainClient
	folder string
	price  uint64

	mu     sync.Mutex
	deals  map[uuid.UUID]*deal
	sector abi.SectorNumber
	work   chan *deal
}

func (p *provider) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/market/mk12/store", p.store)
	mux.HandleFunc("/market/mk12/status", p.status)
	mux.HandleFunc("/market/mk12/ask", p.ask)
	mux.HandleFunc("/piece/", p.piece)
	return mux
}

func (p *provider) store(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil || r.Header.Get("Content-Type") != "application/cbor" {
		http.Error(w, "CBOR is wanted", http.StatusBadRequest)
		return
	}
	d, err := parseDeal(body)
	if err == nil {
		err = p.validate(d)
	}
	if err != nil {
		log.Printf("refused: %v", err)
		w.Write(dealResponse(false, "failed validation: "+err.Error()))
		return
	}
	id, _ := uuid.FromBytes(d.params.DealUUID)
	p.mu.Lock()
	_, known := p.deals[id]
	if !known {
		p.deals[id] = &deal{parsedDeal: d, status: "Accepted"}
	}
	p.mu.Unlock()
	if known {
		w.Write(dealResponse(false, "deal proposal is identical to deal "+id.String()))
		return
	}
	p.work <- p.deals[id]
	w.Write(dealResponse(true, ""))
}

func (p *provider) validate(d *parsedDeal) error {
	proposal := d.proposal.Proposal
	if proposal.Provider != p.miner {
		return fmt.Errorf("provider is %s, not %s", proposal.Provider, p.miner)
	}
	var key string
	if err := p.chain.call("StateAccountKey", &key, proposal.Client.String(), []any{}); err != nil {
		return err
	}
	client, err := address.NewFromString(key)
	if err != nil {
		return err
	}
	if err := checkSignature(&d.proposal, client); err != nil {
		return err
	}
	if err := proposal.PieceSize.Validate(); err != nil {
		return err
	}
	if got := abi.UnpaddedPieceSize(d.params.Transfer.Size).Padded(); got != proposal.PieceSize {
		return fmt.Errorf("piece size %d, transfer of %d", proposal.PieceSize, d.params.Transfer.Size)
	}
	head, err := p.chain.height()
	if err != nil {
		return err
	}
	if int64(proposal.StartEpoch) <= head || proposal.Duration() < 518400 {
		return fmt.Errorf("epochs %d to %d at head %d", proposal.StartEpoch, proposal.EndEpoch, head)
	}
	return nil
}

func (p *provider) status(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	var ask struct{ DealUUID, Signature []byte }
	if err := cbor.Unmarshal(body, &ask); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	id, _ := uuid.FromBytes(ask.DealUUID)
	p.mu.Lock()
	defer p.mu.Unlock()
	answer := map[string]any{"Error": "", "DealUUID": ask.DealUUID, "IsOffline": false, "DealStatus": nil,
		"TransferSize": uint64(1), "NBytesReceived": uint64(1)}
	d, known := p.deals[id]
	if !known {
		answer["Error"] = "no storage deal found with deal UUID " + id.String()
	} else {
		var proposal bytes.Buffer
		if err := d.proposal.Proposal.MarshalCBOR(&proposal); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer["DealStatus"] = map[string]any{"Error": d.problem, "Status": d.status,
			"Proposal": cbor.RawMessage(proposal.Bytes()), "PublishCid": nil, "ChainDealID": uint64(d.id),
			"SealingStatus": "", "SignedProposalCid": link(d.params.ClientDealProposal)}
	}
	w.Write(mustCBOR(answer))
}

func (p *provider) ask(w http.ResponseWriter, _ *http.Request) {
	head, _ := p.chain.height()
	price := abi.NewTokenAmount(int64(p.price))
	encoded, _ := price.Bytes()
	ask := map[string]any{"Miner": p.miner.Bytes(), "Price": encoded, "VerifiedPrice": []byte{}, "SeqNo": uint64(1),
		"Expiry": head + 1000000, "Timestamp": head, "MaxPieceSize": uint64(32 << 30), "MinPieceSize": uint64(256)}
	signature, err := p.chain.signBytes(mustCBOR(ask))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(mustCBOR(map[string]any{"Ask": map[string]any{"Ask": ask, "Signature": append([]byte{1}, signature...)}}))
}

func (p *provider) piece(w http.ResponseWriter, r *http.Request) {
	name := filepath.Base(strings.TrimPrefix(r.URL.Path, "/piece/"))
	http.ServeFile(w, r, filepath.Join(p.folder, name))
}

// run takes deals through their life, one after the other.
func (p *provider) run() {
	for d := range p.work {
		if err := p.carry(d); err != nil {
			log.Printf("deal failed: %v", err)
			p.mu.Lock()
			d.problem = err.Error()
			p.mu.Unlock()
			continue
		}
		report, _ := json.Marshal(map[string]any{"deal": uint64(d.id), "piece": d.proposal.Proposal.PieceCID.String()})
		fmt.Println(string(report))
	}
}

func (p *provider) carry(d *deal) error {
	proposal := d.proposal.Proposal
	file := filepath.Join(p.folder, proposal.PieceCID.String())
	piece, padded, err := download(d.target, d.params.Transfer.Size, file)
	if err != nil {
		return err
	}
	if piece != proposal.PieceCID || abi.PaddedPieceSize(padded) != proposal.PieceSize {
		return fmt.Errorf("commP is %s (%d), proposed %s (%d)", piece, padded, proposal.PieceCID, proposal.PieceSize)
	}
	p.advance(d, "Transferred")
	if err := p.publish(d); err != nil {
		return err
	}
	p.advance(d, "PublishConfirmed")
	return p.prove(d)
}

func (p *provider) advance(d *deal, status string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d.status = status
}

func (p *provider) publish(d *deal) error {
	var params bytes.Buffer
	batch := market.PublishStorageDealsParams{Deals: []market.ClientDealProposal{d.proposal}}
	if err := batch.MarshalCBOR(&params); err != nil {
		return err
	}
	landed, err := p.chain.execute(builtin.StorageMarketActorAddr, methodPublish, params.Bytes())
	if err != nil {
		return err
	}
	var answer market.PublishStorageDealsReturn
	if err := answer.UnmarshalCBOR(bytes.NewReader(landed.Receipt.Return)); err != nil {
		return err
	}
	valid, err := isSet(answer.ValidDeals, 0)
	if err != nil || !valid || len(answer.IDs) != 1 {
		return fmt.Errorf("the market took no deal: %v %v", answer.IDs, err)
	}
	p.mu.Lock()
	d.id = answer.IDs[0]
	p.mu.Unlock()
	return nil
}

func isSet(field bitfield.BitField, bit uint64) (bool, error) { return field.IsSet(bit) }

func (p *provider) prove(d *deal) error {
	p.mu.Lock()
	p.sector++
	number := p.sector
	p.mu.Unlock()
	var payload bytes.Buffer
	if err := cbor.NewEncoder(&payload).Encode(uint64(d.id)); err != nil {
		return err
	}
	proposal := d.proposal.Proposal
	params := miner.ProveCommitSectors3Params{
		SectorActivations: []miner.SectorActivationManifest{{SectorNumber: number,
			Pieces: []miner.PieceActivationManifest{{CID: proposal.PieceCID, Size: proposal.PieceSize,
				Notify: []miner.DataActivationNotification{{Address: builtin.StorageMarketActorAddr, Payload: payload.Bytes()}}}}}},
		SectorProofs: [][]byte{make([]byte, 192)}, RequireActivationSuccess: true, RequireNotificationSuccess: true}
	var encoded bytes.Buffer
	if err := params.MarshalCBOR(&encoded); err != nil {
		return err
	}
	_, err := p.chain.execute(p.miner, methodProveCommit, encoded.Bytes())
	return err
}

func newProvider(miner address.Address, chain *chainClient, folder string, price uint64) (*provider, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	p := &provider{miner: miner, chain: chain, folder: folder, price: price, deals: map[uuid.UUID]*deal{},
		sector: abi.SectorNumber(time.Now().Unix() % 1000000), work: make(chan *deal, 64)}
	go p.run()
	return p, nil
}
