package web

import "slices"

// Theme is whether pages are light or dark, or as the user's system has it.
type Theme string

var themes = []Theme{"system", "light", "dark"}

// themeOf takes what is no theme for none chosen.
func themeOf(name string) Theme {
	if theme := Theme(name); slices.Contains(themes, theme) {
		return theme
	}
	return themes[0]
}

// First is the theme in which a page begins, before a script has asked the system.
func (t Theme) First() Theme {
	if t == "dark" {
		return t
	}
	return "light"
}

// Schemes are those in which the browser may draw what is its own.
func (t Theme) Schemes() string {
	if t == "system" {
		return "light dark"
	}
	return string(t)
}
