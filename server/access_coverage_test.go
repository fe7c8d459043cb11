package main

import "maps"

// The visits of coverage and training statistics.

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /training":                        {path: at("/training", none), nowhere: true},
		"GET /units/:code/rotation":            {path: at("/units/*/rotation", code)},
		"GET /units/:code/rotation/left":       {path: at("/units/*/rotation/left", code)},
		"GET /units/:code/rotation/left.csv":   {path: at("/units/*/rotation/left.csv", code)},
		"GET /units/:code/training-statistics": {path: at("/units/*/training-statistics", code)},
	})
	maps.Copy(apiVisits, map[string]visit{
		"GET /api/v1/rotations/{policy}/coverage": {path: at("/api/v1/rotations/shandong-2017/coverage?unit=*", code)},
	})
}
