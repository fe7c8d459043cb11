// Command licenses lists the third-party software that Sundial is made of, with
// version and licence, in THIRD_PARTY.md.
//
//	go run -C tools ./licenses              writes THIRD_PARTY.md
//	go run -C tools ./licenses -check       exits 1 when it is out of date
//	go run -C tools ./licenses -texts DIR   copies the licence texts that go with a binary
//
// It reads the module cache, frontend/package-lock.json and, for -texts,
// frontend/node_modules; -check never asks the network. A licence that it cannot
// tell is an error, so that nothing comes in unseen.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

const listFile = "THIRD_PARTY.md"

func main() {
	root := flag.String("root", "..", "the repository")
	check := flag.Bool("check", false, "compare "+listFile+" instead of writing it")
	texts := flag.String("texts", "", "copy the licence texts of what ships to this `directory`")
	flag.Parse()
	if err := run(*root, *check, *texts); err != nil {
		fmt.Fprintln(os.Stderr, "licenses:", err)
		os.Exit(1)
	}
}

func run(root string, check bool, texts string) error {
	if check {
		// What is listed has been compiled before: the module cache has it.
		if err := os.Setenv("GOPROXY", "off"); err != nil {
			return err
		}
	}
	inventory, err := readInventory(root)
	if err != nil {
		return err
	}
	if texts != "" {
		return copyTexts(inventory, texts)
	}
	list := []byte(inventory.markdown())
	path := filepath.Join(root, listFile)
	if !check {
		return os.WriteFile(path, list, 0o644)
	}
	current, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(current, list) {
		return fmt.Errorf("%s is out of date: run make licenses and commit it", listFile)
	}
	return nil
}
