package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/ipfs/go-cid"
	carv2 "github.com/ipld/go-car/v2"
	"github.com/ipld/go-car/v2/blockstore"
	"github.com/ipld/go-car/v2/index"
)

// car verifies a CAR of either version, makes an index of it, and finds every
// block again by that.
func car(path string) (string, error) {
	reader, err := carv2.OpenReader(path)
	if err != nil {
		return "", err
	}
	defer reader.Close()
	stats, err := reader.Inspect(true)
	if err != nil {
		return "", err
	}
	data, err := reader.DataReader()
	if err != nil {
		return "", err
	}
	made, err := carv2.GenerateIndex(data)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d %v", stats.BlockCount, stats.Roots), findAll(path, made)
}

// indexed uses the index inside of a CAR of version 2.
func indexed(path string) (string, error) {
	reader, err := carv2.OpenReader(path)
	if err != nil {
		return "", err
	}
	defer reader.Close()
	inside, err := reader.IndexReader()
	if err != nil {
		return "", err
	}
	if inside == nil {
		return "", errors.New("it has no index")
	}
	own, err := index.ReadFrom(inside)
	if err != nil {
		return "", err
	}
	return own.Codec().String(), findAll(path, own)
}

// findAll reads every block of the CAR from where the index says that it is.
func findAll(path string, where index.Index) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	store, err := blockstore.NewReadOnly(file, where)
	if err != nil {
		return err
	}
	blocks, err := carv2.NewBlockReader(io.NewSectionReader(file, 0, 1<<62))
	if err != nil {
		return err
	}
	for {
		block, err := blocks.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := same(store, block.Cid(), block.RawData()); err != nil {
			return err
		}
	}
}

func same(store *blockstore.ReadOnly, id cid.Cid, data []byte) error {
	found, err := store.Get(context.Background(), id)
	if err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	if string(found.RawData()) != string(data) {
		return fmt.Errorf("%s: the index leads to other bytes", id)
	}
	return nil
}
