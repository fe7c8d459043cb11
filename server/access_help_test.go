package main

import "maps"

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /help": {path: at("/help", none), nowhere: true},
	})
}
