package seeds

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/store"
)

// LoadedDifferently returns the ids of those policies that ship with the program and
// are loaded with another content: by an earlier version of it, or amended since. Load
// leaves them as they are; amending one with the pack that ships takes that over.
func LoadedDifferently(ctx context.Context, s *store.Store) ([]string, error) {
	var rows []models.Policy
	if err := s.Read(ctx).Select("code", "source").Where("code IN ?", policyIDs).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("policies that are loaded: %w", store.Translate(err))
	}
	loaded := map[string]string{}
	for _, row := range rows {
		loaded[row.Code] = row.Source
	}
	sources, err := PolicySources()
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, source := range sources {
		if text, ok := loaded[source.ID]; ok && text != string(source.Source) {
			ids = append(ids, source.ID)
		}
	}
	return ids, nil
}
