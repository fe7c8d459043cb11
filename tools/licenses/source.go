package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// moduleLine prints the module of a package as path, version and folder.
const moduleLine = `{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}`

// goModules returns the modules of the packages and of all they import. The
// platform is fixed, so that the list is the same wherever it is made.
func goModules(root string, packages ...string) ([]component, error) {
	command := exec.Command("go", append([]string{"list", "-deps", "-f", moduleLine}, packages...)...)
	command.Dir = root
	command.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w%s", err, stderr(err))
	}
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	slices.Sort(lines)
	var modules []component
	for _, line := range slices.Compact(lines) {
		var c component
		if line == "" {
			continue
		}
		if _, err := fmt.Sscanf(line, "%s %s %s", &c.name, &c.version, &c.dir); err != nil {
			return nil, fmt.Errorf("module %q: %w", line, err)
		}
		if c.licence, err = recognise(c.dir); err != nil {
			return nil, err
		}
		modules = append(modules, c)
	}
	slices.SortFunc(modules, byName)
	return modules, nil
}

func stderr(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return ": " + strings.TrimSpace(string(exit.Stderr))
	}
	return ""
}

// dataPackages are the npm packages that only build, but whose data ships: the table
// of traditional characters is made from that of OpenCC.
var dataPackages = []string{"opencc-js"}

// npmPackages returns the packages of the lock file: those that are bundled for
// the browser, those whose data ships, and those that only build it.
func npmPackages(frontend string) (browser, data, build []component, err error) {
	body, err := os.ReadFile(filepath.Join(frontend, "package-lock.json"))
	if err != nil {
		return nil, nil, nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version string   `json:"version"`
			License string   `json:"license"`
			Dev     bool     `json:"dev"`
			OS      []string `json:"os"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(body, &lock); err != nil {
		return nil, nil, nil, fmt.Errorf("package-lock.json: %w", err)
	}
	for path, p := range lock.Packages {
		if path == "" || len(p.OS) > 0 {
			continue // the front end itself, and builds of one package for each platform
		}
		name := path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):]
		if p.License == "" {
			return nil, nil, nil, fmt.Errorf("package-lock.json gives no licence for %s", name)
		}
		c := component{name: name, version: p.Version, licence: p.License, dir: filepath.Join(frontend, path)}
		switch {
		case !p.Dev:
			browser = append(browser, c)
		case slices.Contains(dataPackages, name):
			data = append(data, c)
		default:
			build = append(build, c)
		}
	}
	slices.SortFunc(browser, byName)
	slices.SortFunc(data, byName)
	slices.SortFunc(build, byName)
	return browser, data, build, nil
}
