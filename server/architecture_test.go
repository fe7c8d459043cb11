package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the plan of the house (docs/design.md): which of our packages
// each of our packages may import, tests aside. Only main wires them together,
// and nothing imports web or api but main.
var mayImport = map[string][]string{
	"frontend":          {},
	"server/calendar":   {},
	"server/strictyaml": {},
	"server/planner":    {"server/calendar"},
	"server/document":   {"server/calendar"},
	"server/scoring":    {"server/calendar", "server/rules", "server/strictyaml"},
	"models":            {"server/calendar"},
	"server/rules":      {"server/calendar", "server/strictyaml"},
	"rbac":              {"models", "server/calendar"},
	"server/store":      {"models", "server/calendar"},
	"server/store/storetest": {
		"models", "server/calendar", "server/store",
	},
	"server/organization": {
		"models", "rbac", "server/calendar", "server/rules", "server/store", "server/throttle",
	},
	"server/compliance": {
		"models", "rbac", "server/calendar", "server/evidence", "server/notify", "server/organization", "server/rules", "server/store",
	},
	"server/training": {
		"models", "rbac", "server/calendar", "server/compliance", "server/exchange", "server/planner", "server/rules", "server/store",
		"server/throttle",
	},
	"server/assessment": {
		"models", "rbac", "server/calendar", "server/compliance", "server/desk", "server/evidence", "server/exchange", "server/notify", "server/rectification",
		"server/rules", "server/scoring", "server/store", "server/strictyaml",
	},
	"server/rectification": {
		"models", "rbac", "server/calendar", "server/compliance", "server/desk", "server/dossier", "server/evidence", "server/notify",
		"server/rules", "server/scoring", "server/store",
	},
	"server/desk": {"models", "rbac", "server/calendar", "server/compliance", "server/rules", "server/store"},
	"server/desk/desktest": {
		"models", "rbac", "seeds", "server/calendar", "server/compliance", "server/organization", "server/rules", "server/store",
	},
	"server/notify":  {"models", "rbac", "server/calendar", "server/rules", "server/store"},
	"server/dossier": {"models", "rbac", "server/compliance", "server/desk", "server/evidence", "server/store"},
	"server/supervision": {
		"models", "rbac", "server/calendar", "server/compliance", "server/desk", "server/dossier", "server/evidence", "server/notify",
		"server/rectification", "server/rules", "server/store",
	},
	"server/bulletin": {
		"models", "rbac", "server/assessment", "server/calendar", "server/compliance", "server/desk", "server/document", "server/notify",
		"server/rectification", "server/rules", "server/scoring", "server/store", "server/supervision",
	},
	"server/search":   {"models", "rbac", "server/calendar", "server/compliance", "server/organization", "server/rules", "server/store"},
	"server/views":    {"models", "server/store"},
	"server/audit":    {"models", "rbac", "server/calendar", "server/rules", "server/store"},
	"server/evidence": {"models"},
	"server/throttle": {},
	"server/exchange": {"models", "server/calendar"},
	"server/charts":   {"server/rules"},
	"server/figure": {
		"frontend", "models", "rbac", "server/assessment", "server/bulletin", "server/calendar", "server/charts", "server/compliance",
		"server/organization", "server/rules", "server/scoring", "server/training",
	},
	"seeds": {
		"models", "rbac", "server/assessment", "server/bulletin", "server/calendar", "server/compliance", "server/evidence",
		"server/organization", "server/rectification", "server/rules", "server/scoring", "server/store", "server/strictyaml",
		"server/supervision", "server/training",
	},
	"server/gate": {
		"frontend", "models", "rbac", "server/calendar", "server/compliance", "server/organization", "server/rules",
		"server/store", "server/strictyaml",
	},
	"server/api": {
		"frontend", "models", "rbac", "server/assessment", "server/audit", "server/bulletin", "server/calendar", "server/compliance", "server/figure",
		"server/gate", "server/organization", "server/rules", "server/scoring", "server/supervision", "server/training",
	},
	"server/web": {
		"frontend", "models", "rbac", "server/assessment", "server/audit", "server/bulletin", "server/calendar", "server/charts",
		"server/compliance", "server/document", "server/dossier", "server/evidence", "server/exchange", "server/figure", "server/gate", "server/notify",
		"server/organization", "server/rectification", "server/rules", "server/scoring", "server/search", "server/supervision", "server/training",
		"server/views",
	},
	"server": {
		"frontend", "models", "rbac", "seeds", "server/api", "server/assessment", "server/audit", "server/bulletin", "server/calendar",
		"server/compliance", "server/dossier", "server/evidence", "server/notify", "server/rectification", "server/supervision",
		"server/exchange", "server/figure", "server/gate", "server/organization", "server/rules", "server/scoring", "server/search", "server/store",
		"server/strictyaml", "server/training", "server/views", "server/web",
	},
}

// pure packages judge and count: what they decide follows from their arguments
// alone, so nothing of them may reach a database or the network.
var pure = []string{"server/calendar", "server/document", "server/planner", "server/rules", "server/scoring", "server/strictyaml"}

var impure = []string{"database/sql", "gorm.io/gorm", "net/http"}

// goPackage is what go list tells of a package.
type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

const module = "sundial/"

func TestWhoMayImportWhom(t *testing.T) {
	packages := ownPackages(t)
	for _, p := range packages {
		name := strings.TrimPrefix(p.ImportPath, module)
		allowed, known := mayImport[name]
		if !known {
			t.Errorf("package %s has no place in the plan: say in mayImport what it may import", name)
		}
		for _, path := range p.Imports {
			imported, own := strings.CutPrefix(path, module)
			if own && !slices.Contains(allowed, imported) {
				t.Errorf("%s imports %s", name, imported)
			}
		}
	}
	for name := range mayImport {
		if !slices.ContainsFunc(packages, func(p goPackage) bool { return p.ImportPath == module+name }) {
			t.Errorf("mayImport names the package %s, which does not exist", name)
		}
	}
}

func TestPurePackagesReachNoDatabaseAndNoNetwork(t *testing.T) {
	for _, p := range ownPackages(t) {
		if !slices.Contains(pure, strings.TrimPrefix(p.ImportPath, module)) {
			continue
		}
		for _, path := range impure {
			if slices.Contains(p.Deps, path) {
				t.Errorf("%s reaches %s", p.ImportPath, path)
			}
		}
	}
}

// ownPackages lists the packages of the module.
func ownPackages(t *testing.T) []goPackage {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", module+"...")
	command.Stderr = t.Output()
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var p goPackage
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return packages
		case err != nil:
			t.Fatalf("read go list: %v", err)
		}
		packages = append(packages, p)
	}
}
