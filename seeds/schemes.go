package seeds

import (
	"context"
	"embed"
	"fmt"
	"slices"

	"sundial/server/assessment"
	"sundial/server/scoring"
)

//go:embed schemes/*.yaml
var schemeFiles embed.FS

// schemeIDs names the scoring schemes that ship with the program, in the order in
// which they are loaded and shown; each lies in schemes/<id>.yaml.
var schemeIDs = []string{"jiangsu-2018-assessment", "shandong-2017-assessment"}

// SchemeSource is a scoring scheme as it lies in its file.
type SchemeSource struct {
	ID     string
	Source []byte
}

// SchemeSources returns the scoring schemes that ship with the program, unparsed,
// in a fixed order.
func SchemeSources() ([]SchemeSource, error) {
	sources := make([]SchemeSource, len(schemeIDs))
	for i, id := range schemeIDs {
		data, err := schemeFiles.ReadFile(schemeFile(id))
		if err != nil {
			return nil, fmt.Errorf("read scheme seed: %w", err)
		}
		sources[i] = SchemeSource{ID: id, Source: data}
	}
	return sources, nil
}

// LoadSchemes loads the scoring schemes that ship with the program, frozen, for their
// offices. Those that are there stay as they are.
func LoadSchemes(ctx context.Context, desk *assessment.Desk) error {
	sources, err := SchemeSources()
	if err != nil {
		return err
	}
	for _, source := range sources {
		if err := desk.LoadScheme(ctx, source.Source); err != nil {
			return fmt.Errorf("load scheme %s: %w", source.ID, err)
		}
	}
	return nil
}

// Scheme returns one of the scoring schemes that ship with the program. An error
// names the file and line at fault.
func Scheme(id string) (*scoring.Scheme, error) {
	if !slices.Contains(schemeIDs, id) {
		return nil, fmt.Errorf("scheme seed %q: there is none", id)
	}
	data, err := schemeFiles.ReadFile(schemeFile(id))
	if err != nil {
		return nil, fmt.Errorf("read scheme seed: %w", err)
	}
	return parseScheme(id, data)
}

// parseScheme reads a scheme whose own id is the name of its file.
func parseScheme(id string, data []byte) (*scoring.Scheme, error) {
	scheme, err := scoring.ParseScheme(data)
	if err != nil {
		return nil, atLines(schemeFile(id), err)
	}
	if scheme.ID != id {
		return nil, fmt.Errorf("%s: has the id %s", schemeFile(id), scheme.ID)
	}
	return scheme, nil
}

func schemeFile(id string) string { return "schemes/" + id + ".yaml" }
