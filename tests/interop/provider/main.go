// A storage provider for Weir's devnet, made of foreign code (go-state-types,
// go-address, go-crypto, go-fil-commp-hashhash).
//
//	provider -key FILE                     print the worker's address, making the key if there is none
//	provider -key FILE -miner f01008 -rpc URL -dir DIR [-price N] [-listen 127.0.0.1:0]
//
// Prints one JSON line with its multiaddr when it listens, and one for each
// deal whose sector it proved.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/filecoin-project/go-address"
)

func main() {
	key := flag.String("key", "", "file of the worker's key, hexadecimal")
	miner := flag.String("miner", "", "address of the miner actor")
	rpc := flag.String("rpc", "", "URL of the chain's JSON-RPC")
	folder := flag.String("dir", "", "folder of the pieces")
	listen := flag.String("listen", "127.0.0.1:0", "where to listen")
	price := flag.Uint64("price", 1, "attoFIL per GiB and epoch")
	flag.Parse()
	address.CurrentNetwork = address.Mainnet
	if err := run(*key, *miner, *rpc, *folder, *listen, *price); err != nil {
		log.Fatal(err)
	}
}

func run(keyFile, miner, rpc, folder, listen string, price uint64) error {
	secret, err := loadKey(keyFile)
	if err != nil {
		return err
	}
	chain, err := newChainClient(rpc, secret)
	if err != nil {
		return err
	}
	if miner == "" {
		fmt.Println(chain.own)
		return nil
	}
	id, err := address.NewFromString(miner)
	if err != nil {
		return err
	}
	p, err := newProvider(id, chain, folder, price)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	hello, _ := json.Marshal(map[string]any{"miner": miner, "multiaddr": fmt.Sprintf("/ip4/127.0.0.1/tcp/%d/http", port)})
	fmt.Println(string(hello))
	return http.Serve(listener, p.handler())
}

func loadKey(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err == nil {
		return hex.DecodeString(strings.TrimSpace(string(text)))
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	return secret, os.WriteFile(file, []byte(hex.EncodeToString(secret)), 0o600)
}
