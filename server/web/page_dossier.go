package web

import (
	"fmt"
	"strings"

	"sundial/server/dossier"
	"sundial/server/evidence"
	"sundial/server/gate"
)

// newCaseFiles lists the files of a step.
func newCaseFiles(files []dossier.FileView) []FileItem {
	items := make([]FileItem, len(files))
	for i, file := range files {
		items[i] = FileItem{ID: file.ID, Name: file.Name, Size: sizeText(file.Size), URL: fmt.Sprintf("/files/%d", file.ID)}
	}
	return items
}

// dossierField is the field of a step's form for its files; s.takeFiles reads it.
func dossierField() FormField {
	return FormField{Name: "file", Label: "dossier.files", Hint: "dossier.files_hint", Type: "file", Accept: "." + strings.Join(evidence.Extensions(), ",.")}
}

// downloadCaseFile sends a file that belongs to a step of supervision.
func (s *Server) downloadCaseFile(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	file, content, err := s.Cabinet.Open(r.Request.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	defer content.Close()
	gate.Download(r.Writer, r.Request, file.Name, file.Type.ContentType(), content)
	return nil
}
