"""What prices may do, for whoever looks: curve with confidence, fan, paths, and what happened when the index jumped."""
