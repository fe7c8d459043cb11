package web

import (
	"errors"
	"io"
	"strings"

	"sundial/models"
	"sundial/server/evidence"
	"sundial/server/gate"
)

// supervisionTabs are the pages of what an office does with the board.
var supervisionTabs = []unitTab{
	{"tasks", "tasks", "task", "read"},
	{"urges", "urges", "urge", "read"},
	{"inspections", "inspections", "inspection", "read"},
	{"bulletins", "bulletins", "bulletin", "read"},
}

// showSupervision leads to the tasks of the caller's topmost unit, or lists several.
func (s *Server) showSupervision(r *request) error {
	return s.choose(r, "task", "read", "tasks", "supervision")
}

// supervisionPage is what a page about the supervision of a unit has around it: its
// breadcrumb, and its tabs with the name of the one that it belongs to. Who may not read
// the unit by the permission has neither.
func (s *Server) supervisionPage(r *request, unit models.Unit, current, last string) (Page, UnitTabs, error) {
	base := s.page(r)
	base.Demo = base.Demo || unit.Demo
	if !r.may("task", "read", unit) {
		return base, UnitTabs{}, nil
	}
	if err := s.place(r, &base, View{}, unit, last); err != nil {
		return base, UnitTabs{}, err
	}
	return base, unitTabs(r, unit, "supervision", supervisionTabs, current), nil
}

// isSupervision tells whether the page at the path belongs to supervision.
func isSupervision(path string) bool {
	return belongsTo(path, []string{"/supervision", "/tasks/", "/urges/", "/inspections/", "/findings/", "/bulletins/"}, supervisionTabs)
}

// takeFiles puts the files of a form into the vault, before the step that they belong to
// is written; there may be none. The texts of the form are in the form then.
func (s *Server) takeFiles(r *request) ([]evidence.File, error) {
	if !strings.HasPrefix(r.ContentType(), "multipart/") {
		return nil, nil
	}
	var files []evidence.File
	vault := s.Cabinet.Vault()
	err := gate.Upload(r.Writer, r.Request, vault.MaxSize(), func(name string, content io.Reader) error {
		file, err := vault.Put(r.Request.Context(), name, content)
		if err == nil {
			files = append(files, file)
		}
		return err
	})
	var refused *models.Error
	if len(files) == 0 && errors.As(err, &refused) && len(refused.Fields) == 1 && refused.Fields[0].Key == "upload.no_file" {
		return nil, nil
	}
	return files, err
}
