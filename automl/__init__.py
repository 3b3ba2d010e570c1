"""From a client's table to an explained model: a library and a command line that know nothing of chat.

    ingest → clean → profile → detect → features → train → metrics → report      one run, one folder, one manifest
                                                          explain, predict       on a run that is done

`automl.studio` is the way in: plain functions with JSON arguments and JSON results, so that they can run in another
process. Importing it is cheap; pandas, LightGBM and matplotlib load when one of its functions is called.
"""
