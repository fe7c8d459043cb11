package web

import (
	"fmt"

	"sundial/server/dossier"
	"sundial/server/gate"
)

// downloadCaseFile sends a file of a step of supervision to who may read about it.
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

// newCaseFiles lists files of a step.
func newCaseFiles(files []dossier.FileView) []FileItem {
	var items []FileItem
	for _, file := range files {
		items = append(items, FileItem{ID: file.ID, Name: file.Name, Size: sizeText(file.Size), URL: fmt.Sprintf("/case-files/%d", file.ID)})
	}
	return items
}
