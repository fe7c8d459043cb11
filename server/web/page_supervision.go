package web

import (
	"io"

	"sundial/models"
	"sundial/server/evidence"
	"sundial/server/gate"
)

// supervisionTabs are the pages of what an office does with the board.
var supervisionTabs = []unitTab{
	{"tasks", "tasks", "task", "read"},
	{"urges", "urges", "urge", "read"},
	{"inspections", "inspections", "inspection", "read"},
	{"rectifications", "rectifications", "rectification", "read"},
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
	tabs := unitTabs(r, unit, "supervision", supervisionTabs, current)
	return base, tabs, s.countOwed(r, unit, tabs)
}

// countOwed tells at the tab of rectifications how much the unit itself has to put right.
func (s *Server) countOwed(r *request, unit models.Unit, tabs UnitTabs) error {
	for i, tab := range tabs.Tabs {
		if tab.Key != "supervision.tab.rectifications" {
			continue
		}
		owed, err := s.Rectifications.Owed(r.Request.Context(), r.Actor, unit.Code, 0)
		if err != nil {
			return err
		}
		tabs.Tabs[i].Count = owed.Open
	}
	return nil
}

// isSupervision tells whether the page at the path belongs to supervision.
func isSupervision(path string) bool {
	findings := unitTab{"findings", "findings", "inspection", "read"}
	return belongsTo(path, []string{"/supervision", "/tasks/", "/urges/", "/inspections/", "/findings/", "/rectifications/", "/bulletins/"}, append(supervisionTabs, findings))
}

// takeFiles puts the files of a form, if there are any, into the vault, before the step
// that they belong to is written. The texts of a form with files are there only
// afterwards.
func (s *Server) takeFiles(r *request) ([]evidence.File, error) {
	var files []evidence.File
	vault := s.Cabinet.Vault()
	err := gate.TakeFiles(r.Writer, r.Request, vault.MaxSize(), func(name string, content io.Reader) error {
		file, err := vault.Put(r.Request.Context(), name, content)
		if err == nil {
			files = append(files, file)
		}
		return err
	})
	return files, err
}
