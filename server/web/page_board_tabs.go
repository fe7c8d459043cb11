package web

import "sundial/models"

// boardTabs lead between the pages of a unit's year: the board and the charts of the units
// below it, where there are any, its own duties, and its place among those of its class.
func (s *Server) boardTabs(r *request, view View, unit models.Unit, current string) (UnitTabs, error) {
	tabs := UnitTabs{Unit: unit, Label: "homes.tabs"}
	children, err := s.Directory.Children(r.Request.Context(), unit)
	if err != nil {
		return tabs, err
	}
	add := func(name, url, object string, there bool) {
		if there && r.may(object, "read", unit) {
			tabs.Tabs = append(tabs.Tabs, NavItem{Key: "homes.tab." + name, URL: url, Current: name == current})
		}
	}
	below := len(children) > 0
	add("board", view.BoardURL(unit.Code), "board", below || current == "board")
	add("charts", view.ChartsURL(unit.Code, ""), "board", below || current == "charts")
	add("own", view.UnitURL(unit.Code), "duty", true)
	add("standing", view.StandingURL(unit), "duty", unit.ParentID != nil)
	return tabs, nil
}

// StandingURL is the place of the unit among those of its class.
func (v View) StandingURL(unit models.Unit) string {
	return address(unitURL(unit, "standing"), v.query())
}
