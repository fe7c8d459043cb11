package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`

func TestRecogniseRefusesWhatItCannotTell(t *testing.T) {
	cases := map[string]map[string]string{
		"no licence":      {"README.md": mit},
		"unknown licence": {"LICENSE": "All rights reserved."},
	}
	for name, files := range cases {
		t.Run(name, func(t *testing.T) {
			if licence, err := recognise(folder(t, files)); err == nil {
				t.Fatalf("recognised %q", licence)
			}
		})
	}
}

func TestRecognise(t *testing.T) {
	for _, name := range []string{"LICENSE", "LICENCE.txt", "license.md", "COPYING", "LICENSE-MIT"} {
		t.Run(name, func(t *testing.T) {
			licence, err := recognise(folder(t, map[string]string{name: mit, "main.go": "package main"}))
			if err != nil || licence != "MIT" {
				t.Fatalf("licence %q, error %v; want MIT", licence, err)
			}
		})
	}
}

func TestNpmPackagesAreSplitByUse(t *testing.T) {
	frontend := folder(t, map[string]string{"package-lock.json": `{"packages": {
		"": {"name": "sundial-frontend", "license": "MIT"},
		"node_modules/echarts": {"version": "6.1.0", "license": "Apache-2.0"},
		"node_modules/esbuild": {"version": "0.28.2", "license": "MIT", "dev": true},
		"node_modules/opencc-js": {"version": "1.4.2", "license": "MIT AND Apache-2.0", "dev": true},
		"node_modules/@esbuild/linux-x64": {"version": "0.28.2", "license": "MIT", "dev": true, "os": ["linux"]},
		"node_modules/a/node_modules/@b/c": {"version": "1.0.0", "license": "0BSD"}
	}}`})
	browser, data, build, err := npmPackages(frontend)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := names(browser), "@b/c echarts"; got != want {
		t.Errorf("in the browser: %s; want %s", got, want)
	}
	if got, want := names(data), "opencc-js"; got != want {
		t.Errorf("as data: %s; want %s", got, want)
	}
	if got, want := names(build), "esbuild"; got != want {
		t.Errorf("to build: %s; want %s", got, want)
	}
}

func names(components []component) string {
	var all []string
	for _, c := range components {
		all = append(all, c.name)
	}
	return strings.Join(all, " ")
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
