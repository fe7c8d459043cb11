package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// component is one third-party module or package in one version.
type component struct {
	name    string
	version string
	// licence is an SPDX expression.
	licence string
	// dir holds the component's files.
	dir string
}

// inventory is all third-party software of the repository.
type inventory struct {
	server  []component // Go modules compiled into the binary
	browser []component // npm packages bundled for the browser
	data    []component // npm packages whose data a file of ours is made from
	tests   []component // Go modules that only tests import
	build   []component // npm packages that build and check the front end
}

func readInventory(root string) (inventory, error) {
	var inv inventory
	var err error
	if inv.server, err = goModules(root, "./server"); err != nil {
		return inv, err
	}
	all, err := goModules(root, "-test", "./...")
	if err != nil {
		return inv, err
	}
	inv.tests = slices.DeleteFunc(all, func(c component) bool { return slices.Contains(inv.server, c) })
	inv.browser, inv.data, inv.build, err = npmPackages(filepath.Join(root, "frontend"))
	return inv, err
}

func byName(a, b component) int {
	return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.version, b.version))
}

var licenceFile = regexp.MustCompile(`(?i)^((third[_-]party[_-])?licen[cs]es?|copying|unlicense)([.-].*)?$`)

// licenceFiles returns the names of the licence texts at the top of dir.
func licenceFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if entry.Type().IsRegular() && licenceFile.MatchString(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// recognise returns the SPDX expression of the licence texts in dir.
func recognise(dir string) (string, error) {
	names, err := licenceFiles(dir)
	if err != nil {
		return "", err
	}
	var found []string
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return "", err
		}
		for _, match := range licensecheck.Scan(text).Match {
			if !match.IsURL && !slices.Contains(found, match.ID) {
				found = append(found, match.ID)
			}
		}
	}
	if len(found) == 0 {
		return "", fmt.Errorf("no licence recognised in %s", dir)
	}
	slices.Sort(found)
	return strings.Join(found, " AND "), nil
}

// copyTexts writes the licence texts of what ships to dir, a folder for each
// component.
func copyTexts(inv inventory, dir string) error {
	for _, c := range slices.Concat(inv.server, inv.browser, inv.data) {
		names, err := licenceFiles(c.dir)
		if err != nil {
			return err
		}
		if notice := "NOTICE"; fileExists(filepath.Join(c.dir, notice)) {
			names = append(names, notice)
		}
		target := filepath.Join(dir, strings.ReplaceAll(c.name, "/", "_")+"@"+c.version)
		if err := copyFiles(c.dir, target, names); err != nil {
			return fmt.Errorf("licence of %s: %w", c.name, err)
		}
	}
	return nil
}

func copyFiles(from, to string, names []string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
