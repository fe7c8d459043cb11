package web

import (
	"bytes"
	"fmt"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/document"
	"sundial/server/gate"
)

// downloadBulletinDocument gives a bulletin as a Word file to who may read it; a draft is
// marked as one.
func (s *Server) downloadBulletinDocument(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	view, err := s.Bulletins.Bulletin(r.Request.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	return sendDocument(r, &view.Publication, func() {})
}

// downloadPublicDocument gives a published bulletin as a Word file to everybody.
func (s *Server) downloadPublicDocument(r *request) error {
	found, err := s.publicBulletin(r)
	if err != nil {
		return err
	}
	return sendDocument(r, &found.Publication, r.letCachesKeep)
}

// sendDocument sends the bulletin as a Word file. What is not what was published any more
// is not given out. It is written whole before the first byte is sent, so that an error
// still becomes a page; sent is called when nothing can fail any more.
func sendDocument(r *request, p *bulletin.Publication, sent func()) error {
	if p.Status == models.BulletinPublished && !p.Seal.Holds() {
		return models.NewError(models.Conflict, "bulletins.broken")
	}
	var body bytes.Buffer
	if err := document.Write(&body, p.Document()); err != nil {
		return fmt.Errorf("document of bulletin %d: %w", p.ID, err)
	}
	sent()
	gate.Download(r.Writer, r.Request, p.Title+".docx", document.MediaType, bytes.NewReader(body.Bytes()))
	return nil
}
