"""Input of whoever wants to do harm, or of an editor that went mad.

`make test` tries some thousands of generated inputs. MULTINET_HOSTILE_CASES=50000 tries that many
for every property.
"""
