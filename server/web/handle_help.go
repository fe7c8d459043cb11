package web

// showHelp explains the states and rates to everybody, whether or not they are signed in.
func (s *Server) showHelp(r *request) error {
	cal, err := s.Ledger.Calendar(r.Request.Context())
	if err != nil {
		return err
	}
	page, err := newHelpPage(s.page(r), cal)
	if err != nil {
		return err
	}
	return s.show(r, "help", page)
}
